using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>Each service that is online is filed with answers drawn from its form, worked through each of its steps by the posts these lead to, and allowed.</summary>
public sealed class EveryServiceTests(Cluster cluster)
{
    private const string Mobile = "9419012345";

    private static readonly DateOnly On = new(2026, 11, 2);

    private static readonly Dictionary<string, string> Places = new()
    {
        ["ut"] = "ut-1", ["division"] = "division-jammu", ["district"] = "district-5", ["tehsil"] = "tehsil-79", ["block"] = "block-57", ["body"] = "body-248194",
    };

    [Fact, Trait("Category", "Long")]
    public async Task EveryOnlineService_FiledAndWorked_IsAllowed()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var services = site.Services.GetRequiredService<IServiceDirectory>().All(On).Where(s => s.Online).ToArray();
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.NotEmpty(services);
        foreach (var service in services)
        {
            var answers = FormProperties.Make(service.Code, 20261102);
            await Settle(service.Form!, answers, system);
            var body = new JsonObject
            {
                ["service"] = service.Code, ["place"] = Places[service.PlaceLevel], ["applicant"] = new JsonObject { ["mobile"] = Mobile, ["lang"] = "en" }, ["answers"] = answers,
            };
            using var filed = await system.File(body);
            var receipt = await filed.Content.ReadAsStringAsync();
            Assert.True(filed.StatusCode == HttpStatusCode.Created, $"{service.Code}: {receipt}");
            var reference = (string)JsonNode.Parse(receipt)!["reference"]!;
            Assert.True((string?)JsonNode.Parse(receipt)!["state"] == "open", $"{service.Code}: {receipt}");
            Assert.True(JsonNode.Parse(receipt)!["dueOn"] is null != service.Guaranteed, $"{service.Code}: {receipt}");
            foreach (var step in service.Steps)
            {
                var open = await site.Database.Query<(string Code, string Post)>("""select s.code, s.post from cases.step s join cases."case" c on c.id = s.case_id where c.reference = @reference and s.state = 'open'""", new { reference });
                var (code, post) = open.Single(o => o.Code == step.Code);
                var resolved = organisation.Resolve(step.Officer.Designation, Places[service.PlaceLevel], On);
                Assert.Equal((resolved.Post, true), (post, (resolved.Wanted ?? "").StartsWith(step.Officer.Designation + "@", StringComparison.Ordinal)));
                using var officer = await site.Official(post);
                var version = await site.Database.One<long>("""select version from cases."case" where reference = @reference""", new { reference });
                using var acted = await officer.Act(reference, version, code, step.Actions.Contains("approve") ? "approve" : "recommend", "Seen and found right.");
                Assert.True(acted.StatusCode == HttpStatusCode.SeeOther, $"{service.Code} {code}: {acted.StatusCode}");
            }

            Assert.Equal("approved", await site.Database.One<string>("""select state from cases."case" where reference = @reference""", new { reference }));
        }
    }

    /// <summary>Papers that were sent, and places that exist, in the stead of drawn ones.</summary>
    private static async Task Settle(FormDefinition form, JsonObject answers, HttpClient system)
    {
        foreach (var field in form.Pages.SelectMany(p => p.Fields).Where(f => answers.ContainsKey(f.Name)))
        {
            if (field.Type == FieldType.Place) answers[field.Name] = Places[field.Level!];
            if (field.Type != FieldType.Document) continue;
            using var sent = await system.Send(Mobile, Filed.Pdf(field.Name));
            answers[field.Name] = JsonNode.Parse(await sent.Content.ReadAsStringAsync());
        }
    }
}
