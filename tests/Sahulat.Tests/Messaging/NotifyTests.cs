using System.Diagnostics;
using System.Text.Json.Nodes;
using Sahulat.Messaging.Templates;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>GOV.UK Notify's published client for Node, unchanged.</summary>
public sealed class NotifyTests(Cluster cluster)
{
    [Fact]
    public async Task NotifysOwnClient_MakesEveryCall()
    {
        var folder = await Client();
        // Its tokens carry the machine's time.
        await using var site = await TestSite.Start(cluster, now: TimeProvider.System.GetUtcNow());
        var (_, key) = await site.Department();
        await site.Database.Execute("update messaging.service set number = '+919419700000' where code = 'jal-shakti'");
        var (sms, email) = (TemplateStore.NotifyId("try-out", "sms", "ur"), TemplateStore.NotifyId("try-out", "email", "en"));
        var output = await Run("node", folder, "calls.mjs", site.Address.ToString().TrimEnd('/'), key, $"{sms}", $"{email}");
        var told = JsonNode.Parse(output)!;

        Assert.Contains("Rukhsana", (string)told["sms"]!["content"]!["body"]!, StringComparison.Ordinal);
        Assert.Equal(("ref-1", $"{sms}", 1), ((string)told["sms"]!["reference"]!, (string)told["sms"]!["template"]!["id"]!, (int)told["sms"]!["template"]!["version"]!));
        Assert.Equal("A message to try things out", (string)told["email"]!["content"]!["subject"]!);
        Assert.NotNull(told["fixed"]!["id"]);
        Assert.Equal((400, "BadRequestError", "Missing personalisation: name"), Failed(told["missing"]!));
        Assert.Equal((400, "ValidationError", "phone_number Not a valid phone number"), Failed(told["badNumber"]!));
        Assert.Equal((400, "BadRequestError", "Template not found"), Failed(told["noTemplate"]!));
        Assert.Equal((string)told["sms"]!["id"]!, (string)told["one"]!["id"]!);
        Assert.Equal(("+919419012345", "sms"), ((string)told["one"]!["phone_number"]!, (string)told["one"]!["type"]!));
        Assert.Equal((404, "NoResultFound", "No result found"), Failed(told["nobody"]!));
        Assert.Equal((string)told["sms"]!["id"]!, (string)told["many"]!["notifications"]!.AsArray().Single()!["id"]!);
        Assert.Contains("((name))", (string)told["template"]!["body"]!, StringComparison.Ordinal);
        Assert.Equal((string)told["template"]!["body"]!, (string)told["version"]!["body"]!);
        Assert.All(told["templates"]!["templates"]!.AsArray(), t => Assert.Equal("email", (string)t!["type"]!));
        Assert.Contains("Asha", (string)told["preview"]!["body"]!, StringComparison.Ordinal);
        Assert.Empty(told["received"]!["received_text_messages"]!.AsArray());
        Assert.Equal(400, (int)told["letter"]!["failed"]!);
        Assert.Equal((403, "AuthError", "Invalid token: API key not found"), Failed(told["wrongKey"]!));
    }

    private static (int, string, string) Failed(JsonNode call) => ((int)call["failed"]!, (string)call["body"]!["errors"]![0]!["error"]!, (string)call["body"]!["errors"]![0]!["message"]!);

    /// <summary>Installed by npm from the lock file, once.</summary>
    private static async Task<string> Client()
    {
        var folder = Path.Combine(Cluster.RepositoryRoot, "tests", "Notify");
        if (!File.Exists(Path.Combine(folder, "node_modules", "notifications-node-client", "package.json"))) await Run("npm", folder, "ci", "--no-audit", "--no-fund", "--silent");
        return folder;
    }

    private static async Task<string> Run(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await error}");
        return await output;
    }
}
