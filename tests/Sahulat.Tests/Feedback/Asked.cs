using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Cases;
using Sahulat.Feedback;
using Sahulat.Feedback.Ask;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Feedback;

/// <summary>Requests that have been answered, and people who were asked about it.</summary>
internal static class Asked
{
    public const string Post = "tehsildar@tehsil-79";

    /// <summary>Files over the API and journals an answer; nobody at a desk is needed for it.</summary>
    public static async Task<(Guid Case, string Reference)> Answered(this TestSite site, string mobile, string lang = "en", string outcome = "approved", HttpClient? system = null)
    {
        using var own = system is null ? await site.System() : null;
        var body = await (system ?? own!).Income(mobile);
        body["applicant"]!["lang"] = lang;
        using var filed = await (system ?? own!).File(body);
        Assert.True(filed.StatusCode == HttpStatusCode.Created, await filed.Content.ReadAsStringAsync());
        var receipt = JsonNode.Parse(await filed.Content.ReadAsStringAsync())!;
        var id = (Guid)receipt["id"]!;
        var now = site.Clock.GetUtcNow();
        await site.Database.Write(work => work.Append($"case/{id:N}", null, new CaseDecided(outcome, Post, DateOnly.FromDateTime(now.UtcDateTime), [], null), Actor.Sahulat("test"), now));
        return (id, (string)receipt["reference"]!);
    }

    /// <summary>Follows the answer and sends what is to be sent.</summary>
    public static async Task Ask(this TestSite site)
    {
        await site.CatchUp();
        await site.Services.GetRequiredService<Asking>().Once(default);
    }

    public static async Task<string> Token(this TestSite site, Guid id) =>
        site.Services.GetRequiredService<Links>().Token(await site.Database.One<Guid>("select id from feedback.assessment where case_id = @id or id = @id", new { id }));

    public static Task<string?> State(this TestSite site, Guid id) => site.Database.One<string>("select coalesce(score, state) from feedback.assessment where case_id = @id or id = @id", new { id });

    public static Task<HttpResponseMessage> Rate(this HttpClient client, string token, Dictionary<string, string> fields, string lang = "en") => client.Form($"/{lang}/rate/{token}", fields);

    public static Task<int> Messages(this TestSite site, string like) => site.Database.One<int>("select count(*)::int from messaging.message where idem_key like @like", new { like });
}
