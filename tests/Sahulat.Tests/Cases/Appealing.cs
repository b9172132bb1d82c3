using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

internal sealed record AppealRow(Guid Id, string Reference, string Post, string Layer, string OpenedBy, string State, long Version);

/// <summary>What the tests of appeals do again and again.</summary>
internal static partial class Appealing
{
    /// <summary>A node with officials whose own sweep stands still.</summary>
    public static Task<TestSite> Site(Cluster cluster) => TestSite.Start(cluster, Cluster.Staffed, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off" });

    /// <summary>So many days later, after the night's sweep.</summary>
    public static async Task Lapse(this TestSite site, int days)
    {
        await site.CatchUp();
        site.Clock.Advance(TimeSpan.FromDays(days));
        await site.Services.GetRequiredService<Sweep>().Run(Ist.Today(site.Clock));
        await site.CatchUp();
        await site.CatchUp();
    }

    public static (string, string)[] Date(string field, DateOnly date) => [(field + ".day", $"{date.Day}"), (field + ".month", $"{date.Month}"), (field + ".year", $"{date.Year}")];

    public static Dictionary<string, string> With(Dictionary<string, string> fields, params (string Name, string Value)[] more)
    {
        foreach (var (name, value) in more) fields[name] = value;
        return fields;
    }

    public static Task<HttpResponseMessage> Hear(this HttpClient authority, TestSite site, string reference, string act, params (string, string)[] fields) => authority.Hear(site, reference, act, [], fields);

    /// <summary>One act of the page of hearings, on the present version.</summary>
    public static async Task<HttpResponseMessage> Hear(this HttpClient authority, TestSite site, string reference, string act, (string, string)[] date, params (string, string)[] fields) =>
        await authority.Form($"/en/desk/cases/{reference}/hear", With(With(new() { ["do"] = act, ["version"] = $"{await site.Version(reference)}" }, date), fields));

    public static Task HearOk(this HttpClient authority, TestSite site, string reference, string act, params (string, string)[] fields) => authority.HearOk(site, reference, act, [], fields);

    public static async Task HearOk(this HttpClient authority, TestSite site, string reference, string act, (string, string)[] date, params (string, string)[] fields)
    {
        using var done = await authority.Hear(site, reference, act, date, fields);
        Assert.True(done.StatusCode == HttpStatusCode.SeeOther, $"{act}: {done.StatusCode} {string.Join(" | ", Error().Matches(await done.Content.ReadAsStringAsync()).Select(m => m.Value))}");
    }

    public static async Task<HttpResponseMessage> Order(this HttpClient authority, TestSite site, string reference, string outcome, params (string, string)[] more) =>
        await authority.Form($"/en/desk/cases/{reference}", With(new() { ["action"] = outcome, ["version"] = $"{await site.Version(reference)}", ["text"] = "Heard both sides." }, more));

    public static Task<long> Version(this TestSite site, string reference) => site.Database.One<long>("""select version from cases."case" where reference = @reference""", new { reference });

    public static async Task Approve(this TestSite site, string reference)
    {
        await site.Bring(reference, Desks.Tehsildar);
        using var officer = await site.Official(Desks.Tehsildar);
        using var approved = await site.Act(officer, reference, "approve", "");
        Assert.Equal(HttpStatusCode.SeeOther, approved.StatusCode);
    }

    public static Task<IReadOnlyList<AppealRow>> Appeals(this TestSite site, string reference) => site.Database.Query<AppealRow>("""
        with recursive down as (
          select c.* from cases."case" c where reference = @reference
          union all select c.* from cases."case" c join down on c.parent = down.id)
        select id, reference, post, layer, opened_by, state, version from down where parent is not null order by filed_at
        """, new { reference });

    /// <summary>The newest appeal above the request.</summary>
    public static async Task<AppealRow> AppealOf(this TestSite site, string reference) => (await site.Appeals(reference))[^1];

    public static async Task<HttpResponseMessage> Appeal(this HttpClient citizen, string reference, string ground, string reasons = "I did not get what I asked for.", byte[]? paper = null, string? late = null, string? page = null)
    {
        var token = Token().Match(await citizen.GetStringAsync(page ?? "/en/requests/" + reference + "/appeal"));
        using var form = new MultipartFormDataContent { { new StringContent(ground), "ground" }, { new StringContent(reasons), "reasons" }, { new StringContent(late ?? ""), "late" } };
        form.Add(new StringContent(WebUtility.HtmlDecode(token.Groups[1].Value)), "_form");
        if (paper is not null) form.Add(new ByteArrayContent(paper), "papers", "paper.pdf");
        return await citizen.PostAsync($"/en/requests/{reference}/appeal", form);
    }

    [GeneratedRegex("govuk-error-summary.{0,600}|<h1[^>]*>[^<]*", RegexOptions.Singleline)]
    private static partial Regex Error();

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
