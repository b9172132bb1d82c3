using System.Net;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>Forwarding many cases at once, and taking them back.</summary>
public sealed class DeskForwardTests(Cluster cluster)
{
    [Fact]
    public async Task Many_AreForwardedWithARemark_EachResultIsTold_AndTheyAreTakenBack()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        string[] cases = [await system.FileIncome("9419010001"), await system.FileIncome("9419010002"), await system.FileIncome("9419010003"), await system.FileIncome("9419010004")];
        using var patwari = await site.Official(Desks.Patwari);
        var rows = new List<(string, string)>();
        foreach (var reference in cases)
        {
            var (step, _, version) = await site.Open(reference);
            rows.Add(("row", $"{reference}:{version}:{step}"));
        }

        // One moved on while the list was open; one chosen row is made up.
        using var moved = await site.Act(patwari, cases[3], "recommend");
        using var answer = await patwari.Send("/en/desk/forward", [.. rows, ("row", $"{Reference.New(new DateOnly(2026, 11, 2), null)}:0:enquire"), ("to", "girdawar@tehsil-79"), ("remark", "Please look at the house")], "/en/desk");
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("3 forwarded to Girdawar, Jammu", html, StringComparison.Ordinal);
        Assert.Contains("2 not done", html, StringComparison.Ordinal);
        Assert.Contains($"{Reference.Show(cases[3])}</bdi></a> – Somebody else changed this first", html, StringComparison.Ordinal);
        Assert.Empty(Desks.References(await patwari.Page("/en/desk")));
        using var girdawar = await site.Official("girdawar@tehsil-79");
        Assert.Equal(cases[..3].Order(), Desks.References(await girdawar.Page("/en/desk")).Order());
        Assert.Contains("Please look at the house", await girdawar.Page($"/en/desk/cases/{cases[0]}"), StringComparison.Ordinal);

        // The colleague acts on one: it stays; the others come back. Only who sent them can do it.
        using var acted = await site.Act(girdawar, cases[0], "recommend");
        Assert.Equal(HttpStatusCode.SeeOther, acted.StatusCode);
        using var meddler = await site.Official(Desks.Tehsildar);
        using var meddled = await meddler.Send("/en/desk/forward", [("undo", cases[1])], "/en/desk");
        Assert.Contains("1 not done", await meddled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var undone = await patwari.Send("/en/desk/forward", cases[..3].Select(c => ("undo", c)), "/en/desk");
        html = WebUtility.HtmlDecode(await undone.Content.ReadAsStringAsync());
        Assert.Contains("2 taken back", html, StringComparison.Ordinal);
        Assert.Contains("1 not done", html, StringComparison.Ordinal);
        Assert.Equal(cases[1..3].Order(), Desks.References(await patwari.Page("/en/desk")).Order());
        Assert.Contains("taken back from Girdawar, Jammu", await patwari.Page($"/en/desk/cases/{cases[1]}"), StringComparison.Ordinal);
        using var twice = await patwari.Send("/en/desk/forward", [("undo", cases[1])], "/en/desk");
        Assert.Contains("1 not done", await twice.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var stream = await site.Database.One<string>("""select 'case/' || replace(id::text, '-', '') from cases."case" where reference = @reference""", new { reference = cases[1] });
        Assert.Equal([null, true], (await site.Database.Stream(stream!)).Where(e => e.Kind == CaseForwarded.Kind).Select(e => e.As<CaseForwarded>().TakenBack));
        Assert.Null(await site.Database.FirstBroken(stream!));
    }

    [Fact]
    public async Task Many_ToAnotherOffice_ToAVacantPost_OrNothingChosen_IsRefused()
    {
        await using var site = await Desks.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        var (step, post, version) = await site.Open(reference);
        using var patwari = await site.Official(Desks.Patwari);
        await site.Vacate(Desks.Naib);
        foreach (var to in new[] { "patwari@tehsil-80", "deputy-commissioner@district-5", Desks.Naib })
        {
            using var answer = await patwari.Send("/en/desk/forward", [("row", $"{reference}:{version}:{step}"), ("to", to)], "/en/desk");
            Assert.Contains("The colleague is not of the office", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var nobody = await patwari.Send("/en/desk/forward", [("row", $"{reference}:{version}:{step}"), ("to", "")], "/en/desk");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nobody.StatusCode);
        using var nothing = await patwari.Send("/en/desk/forward", [("to", Desks.Tehsildar)], "/en/desk");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nothing.StatusCode);
        using var tooLong = await patwari.Send("/en/desk/forward", [("row", $"{reference}:{version}:{step}"), ("to", Desks.Tehsildar), ("remark", new string('x', 5000))], "/en/desk");
        Assert.Contains("1 not done", await tooLong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((step, post, version), await site.Open(reference));
    }
}
