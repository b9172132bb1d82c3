using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>Requests that went through every desk, and the programs with which a stranger looks at the paper.</summary>
internal static class Approved
{
    /// <summary>Files in a language with these answers changed, and lets every officer act until it is approved.</summary>
    public static async Task<string> Approve(this TestSite site, string mobile, string lang, Dictionary<string, string>? answers = null)
    {
        using var system = await site.System();
        var body = await system.Income(mobile);
        body["applicant"]!["lang"] = lang;
        foreach (var (name, value) in answers ?? []) body["answers"]![name] = value;
        using var filed = await system.File(body);
        Assert.True(filed.StatusCode == HttpStatusCode.Created, await filed.Content.ReadAsStringAsync());
        var reference = (string)JsonNode.Parse(await filed.Content.ReadAsStringAsync())!["reference"]!;
        foreach (var action in new[] { "recommend", "recommend", "approve" })
        {
            var open = await site.Database.One<(string Code, string Post, long Version)>("""select s.code, s.post, c.version from cases.step s join cases."case" c on c.id = s.case_id where c.reference = @reference and s.state = 'open'""", new { reference });
            using var officer = await site.Official(open.Post);
            using var acted = await officer.Form($"/en/desk/cases/{reference}", new() { ["version"] = $"{open.Version}", ["step"] = open.Code, ["action"] = action, ["text"] = action == "approve" ? "" : "Seen and found right." });
            Assert.True(acted.StatusCode == HttpStatusCode.SeeOther, $"{open.Code}: {await acted.Content.ReadAsStringAsync()}");
        }

        return reference;
    }

    /// <summary>Waits until the newest certificate of the request is printed.</summary>
    public static async Task<(string Number, string Token)> Issued(this TestSite site, string reference, int count = 1)
    {
        await site.CatchUp();
        await Eventually.True(async () => await site.Database.One<long>("""select count(*) from cases.certificate t join cases."case" c on c.id = t.case_id where c.reference = @reference and t.state = 'issued'""", new { reference }) == count, "the certificate is printed", seconds: 90);
        return await site.Database.One<(string, string)>("""select t.number, t.token from cases.certificate t join cases."case" c on c.id = t.case_id where c.reference = @reference order by t.issued_at desc, t.replaces nulls last limit 1""", new { reference });
    }

    /// <summary>Runs a program on the file and gives what it wrote.</summary>
    public static async Task<string> Read(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (written, said) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await said}");
        return await written;
    }
}
