using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases.Open311;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

public sealed class Open311Tests(Cluster cluster)
{
    private const string Town = "body-248194";

    /// <summary>Code for America's client for Node, unchanged.</summary>
    [Fact]
    public async Task AClientThatOthersWrote_MakesEveryCall()
    {
        var folder = Path.Combine(Cluster.RepositoryRoot, "tests", "Open311");
        if (!File.Exists(Path.Combine(folder, "node_modules", "open311", "package.json"))) await Run("npm", folder, "ci", "--no-audit", "--no-fund", "--silent");
        await using var site = await Desks.Start(cluster);
        var key = await site.Services.GetRequiredService<Contracts.Access.ISystems>().Create("city-app", "City app", [Contracts.Access.Policies.FileScope], default);
        var told = JsonNode.Parse(await Run("node", folder, "calls.mjs", site.Address.ToString().TrimEnd('/'), key, Town))!;
        Assert.Equal("http://wiki.open311.org/GeoReport_v2", (string)told["discovery"]!["endpoints"]![0]!["specification"]!);
        Assert.True(told["services"]!.AsArray().Count >= 25);
        Assert.Contains(told["definition"]!["attributes"]![0]!["values"]!.AsArray(), v => (string)v!["key"]! == Town);
        var reference = (string)told["filed"]![0]!["service_request_id"]!;
        Assert.Equal(reference, (string)told["token"]![0]!["service_request_id"]!);
        var one = told["one"]![0]!;
        Assert.Equal(("open", "street-light", "Housing and Urban Development"), ((string)one["status"]!, (string)one["service_code"]!, (string)one["agency_responsible"]!));
        // Public words are shown without the number that stands in them; nothing else of the person is.
        Assert.Equal("The lamp before the school is dark. Call ….", (string)one["description"]!);
        Assert.DoesNotContain("Rukhsana", told.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("9419050001", told["one"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, told["two"]!.AsArray().Count);
        var secret = told["two"]!.AsArray().Single(r => (string)r!["service_code"]! == "corruption")!;
        Assert.Null(secret["description"]);
        Assert.Contains("code to follow it", (string)told["secret"]![0]!["service_notice"]!, StringComparison.Ordinal);
        Assert.Equal(reference, (string)Assert.Single(told["open"]!.AsArray())!["service_request_id"]!);
        Assert.Empty(told["closed"]!.AsArray());
        foreach (var (name, status) in new[] { ("noPlace", 400), ("noPhone", 400), ("wrongKey", 403) }) Assert.Equal(status, (int)told[name]!["failed"]!);
        Assert.NotNull(told["nobody"]!["failed"]);
        Assert.Equal("9419050001", await Mobile(site, reference));
    }

    [Fact]
    public async Task Xml_HasTheStandardsShape_QueriesAreHeeded_HostileOnesNamed()
    {
        await using var site = await Desks.Start(cluster);
        using var anyone = site.Client();
        async Task<(HttpStatusCode Status, XElement Root)> Get(string path)
        {
            using var answer = await anyone.GetAsync(path);
            Assert.Equal("text/xml", answer.Content.Headers.ContentType?.MediaType);
            return (answer.StatusCode, XElement.Parse(await answer.Content.ReadAsStringAsync()));
        }

        var reference = await site.Lodge("water-supply", "tehsil-79", "No water & <no> answer since 9 days.", location: "32.7266, 74.8570");
        var hidden = await site.Lodge("encroachment", "tehsil-79", "The neighbour has fenced the common.");
        var found = await Get("/open311/v2/requests.xml");
        var request = Assert.Single(found.Root.Elements("request"));
        Assert.Equal("service_requests", found.Root.Name.LocalName);
        // The elements of the standard's own example, all of them and in its order.
        string[] example = ["service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url"];
        Assert.Equal(example, request.Elements().Select(e => e.Name.LocalName));
        Assert.Equal((reference, "32.727", "74.857"), (request.Element("service_request_id")!.Value, request.Element("lat")!.Value, request.Element("long")!.Value));
        Assert.Equal("2026-11-30T18:30:00Z", request.Element("expected_datetime")!.Value);
        Assert.Equal("", Assert.Single((await Get($"/open311/v2/requests/{hidden}.xml")).Root.Elements()).Element("description")!.Value);
        Assert.All((await Get("/open311/v2/services.xml")).Root.Elements("service"), s => Assert.Equal(["service_code", "service_name", "description", "metadata", "type", "keywords", "group"], s.Elements().Select(e => e.Name.LocalName)));
        Assert.Equal(208, (await Get("/open311/v2/services/water-supply.xml")).Root.Descendants("value").Count());
        Assert.Equal("endpoint", Assert.Single((await Get("/open311/discovery.xml")).Root.Element("endpoints")!.Elements()).Name.LocalName);

        foreach (var (query, status) in new[]
        {
            ("requests.xml?start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z", 400), ("requests.xml?start_date=yesterday", 400), ("requests.xml?status=lost", 400), ("requests.xml?jurisdiction_id=dc.gov", 404),
            ("requests/JK26AAAAAAAAA.xml", 404), ("requests/%27or%271.xml", 404), ("services/court-matter.xml", 404), ("tokens/0123.xml", 404), ("nothing.xml", 404),
        })
        {
            var (code, root) = await Get("/open311/v2/" + query);
            Assert.Equal((HttpStatusCode)status, code);
            Assert.Equal(["code", "description"], Assert.Single(root.Elements("error")).Elements().Select(e => e.Name.LocalName));
            Assert.Equal($"{status}", root.Element("error")!.Element("code")!.Value);
        }

        foreach (var (query, count) in new[] { ("", 1), ("?status=closed", 0), ("?service_code=water-supply,road-repair", 1), ("?service_code=encroachment", 0), ("?service_request_id=nonsense", 0), ($"?service_request_id={reference},{hidden}", 2), ("?page=2", 0), ("?start_date=2026-11-03T00:00:00Z", 0), ("?end_date=2026-11-03T00:00:00Z", 1), ("?jurisdiction_id=jk", 1) })
            Assert.Equal(count, (await Get("/open311/v2/requests.xml" + query)).Root.Elements().Count());
        using var system = await site.System("messages.send");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["service_code"] = "water-supply" });
        Assert.Equal(HttpStatusCode.Forbidden, (await system.PostAsync("/open311/v2/requests.json", form)).StatusCode);
        using var may = await site.System();
        using var bad = new FormUrlEncodedContent(new Dictionary<string, string> { ["service_code"] = "water-supply", ["phone"] = "12", ["lat"] = "NaN", ["long"] = "200", ["attribute[place]"] = "district-5" });
        var refused = await may.PostAsync("/open311/v2/requests.json", bad);
        Assert.Equal((HttpStatusCode.BadRequest, 3), (refused.StatusCode, JsonNode.Parse(await refused.Content.ReadAsStringAsync())!.AsArray().Count));
    }

    [Theory]
    [InlineData("Call 94190 12345 now", "Call … now")]
    [InlineData("card ۱۲۳۴-۵۶۷۸-۹۰۱۲", "card …")]
    [InlineData("write a.b@c.in", "write …")]
    [InlineData("ward 12, 28 days", "ward 12, 28 days")]
    public void Masked_HidesNumbersOfPeople(string written, string shown) => Assert.Equal(shown, RequestsShown.Masked(written));

    private static async Task<string?> Mobile(TestSite site, string reference)
    {
        var applicant = await site.Database.One<Guid>("""select applicant from cases."case" where reference = @reference""", new { reference });
        return await site.Services.GetRequiredService<Contracts.Access.ICitizens>().Mobile(applicant, default);
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
