using System.Net;
using System.Text.RegularExpressions;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

internal sealed record AppealRow(Guid Id, string Reference, string Post, string Layer, string OpenedBy, string State, long Version);

/// <summary>What the tests of appeals do again and again.</summary>
internal static partial class Appealing
{
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

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
