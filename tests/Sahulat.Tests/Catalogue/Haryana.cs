using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>Haryana's pack and a request under it.</summary>
internal static class Haryana
{
    public const string Service = "hr-village-copies-under-5", Tehsil = "hr-tehsil-karnal", Mobile = "9812012345", Commission = "chief-commissioner-right-to-service@state-6";

    public static readonly string Folder = Path.Combine(Cluster.RepositoryRoot, "data", "hr");

    public static JsonObject Body(string place) => new()
    {
        ["service"] = Service, ["place"] = place, ["applicant"] = new JsonObject { ["mobile"] = Mobile, ["lang"] = "hi" },
        ["answers"] = new JsonObject
        {
            ["record_kind"] = new JsonArray("jamabandi"), ["use"] = "own", ["village"] = "Taraori", ["parcels"] = new JsonArray(new JsonObject { ["khasra"] = "12/3" }), ["right"] = "owner",
            ["full_name"] = "Savita Devi", ["father_name"] = "Ram Kumar", ["born_on"] = "1988-02-01", ["mobile"] = Mobile, ["address"] = "House 4, Taraori", ["pin"] = "132116",
        },
    };

    public static async Task<string> Copies(HttpClient system)
    {
        var body = Body(Tehsil);
        using var sent = await system.Send(Mobile, Filed.Pdf("identity"));
        body["answers"]!["identity_proof"] = JsonNode.Parse(await sent.Content.ReadAsStringAsync());
        using var filed = await system.File(body);
        var receipt = await filed.Content.ReadAsStringAsync();
        Assert.True(filed.StatusCode == HttpStatusCode.Created, receipt);
        return (string)JsonNode.Parse(receipt)!["reference"]!;
    }

    public static async Task SweepOn(this TestSite site, DateOnly today)
    {
        await site.CatchUp();
        site.Clock.Set(Ist.StartOf(today).AddHours(6));
        await site.Services.GetRequiredService<Sweep>().Run(today);
        await site.CatchUp();
    }

    public static Task<Appeal?> Above(this TestSite site, string reference) =>
        site.Database.One<Appeal>("""select a.reference, a.post, a.layer, a.due_on from cases."case" a join cases."case" p on p.id = a.parent where p.reference = @reference""", new { reference });

    internal sealed record Appeal
    {
        public string Reference { get; init; } = "";
        public string Post { get; init; } = "";
        public string Layer { get; init; } = "";
        public DateOnly? DueOn { get; init; }
    }
}
