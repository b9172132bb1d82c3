using System.Net;
using Sahulat.Cases.Penalise;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>From the draft to the last rupee, and no fine without hearing.</summary>
public sealed class PenaltyTests(Cluster cluster)
{
    private const string Mobile = "9419066602", Dc = "deputy-commissioner@district-5";

    [Theory]
    [InlineData(16, 4000, 4000)]
    [InlineData(20, 5000, 5000)]
    [InlineData(77, 19250, 5000)]
    [InlineData(0, 0, 0)]
    public void Draft_IsDaysTimesTheDailyAmount_UpToTheCap(int days, int counted, int amount)
    {
        var draft = PenaltyDraft.Of(new PenaltyRule("not-provided", 250, 5000, null, true, "s.11"), days);
        Assert.Equal((counted, amount, 5000m), (draft.Counted, draft.Amount, draft.Cap));
    }

    [Fact]
    public void Draft_OfAFixedSum_AndOfACapAlone()
    {
        Assert.Equal(2000, PenaltyDraft.Of(new PenaltyRule("deficient", null, null, 2000, true, null), 3).Amount);
        var open = PenaltyDraft.Of(new PenaltyRule("any", null, 20000, null, true, null), 3);
        Assert.Equal((0m, 20000m), (open.Amount, open.Cap));
    }

    [Fact]
    public async Task Penalty_NoticeReplyOrderPaymentCounterEntry_AndCompensationOutOfIt()
    {
        await using var site = await Appealing.Site(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome(Mobile);
        await site.Bring(reference, Desks.Tehsildar);
        await site.Lapse(80);
        var appeal = await site.AppealOf(reference);
        using var dc = await site.Official(Dc);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var path = $"/en/desk/cases/{appeal.Reference}/penalty";
        var page = await dc.Page(path);
        Assert.Contains("× ₹250 =", page, StringComparison.Ordinal);
        Assert.Contains("not confirmed by legal", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await tehsildar.GetAsync(path)).StatusCode);

        // Compensation comes out of the penalty: there is none yet.
        using var early = await dc.Form(path, new() { ["do"] = "compensate", ["compensation"] = "out-of-penalty", ["compensation-amount"] = "100", ["compensation-reason"] = "For the delay." });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.StatusCode);

        var person = System.Text.RegularExpressions.Regex.Match(page, "name=\"person\"[^>]*value=\"([^\"]+tehsildar@tehsil-79[^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(person);
        var today = Ist.Today(site.Clock);
        Dictionary<string, string> Notice() => Appealing.With(new() { ["do"] = "notice", ["rule"] = "not-provided", ["person"] = person, ["notice"] = "The request was not answered in time." }, Appealing.Date("reply", today.AddDays(7)));
        Assert.Equal(HttpStatusCode.SeeOther, (await dc.Form(path, Notice())).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await dc.Form(path, Notice())).StatusCode);
        var claim = await site.Database.One<Guid>("select id from cases.claim where kind = 'penalty'");
        Dictionary<string, string> Order(string amount) => new() { ["do"] = "order", ["claim"] = $"{claim}", [$"outcome-{claim:N}"] = "imposed", [$"amount-{claim:N}"] = amount, [$"reason-{claim:N}"] = "No cause was shown." };
        using var unheard = await dc.Form(path, Order("3000"));
        Assert.Equal(HttpStatusCode.Conflict, unheard.StatusCode);
        Assert.Contains("Nobody is fined unheard", await unheard.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The notice is the person's: nobody else reads or answers it.
        using var patwari = await site.Official(Desks.Patwari);
        Assert.Equal(HttpStatusCode.NotFound, (await patwari.GetAsync($"/en/desk/notices/{claim}")).StatusCode);
        Assert.Contains($"/en/desk/notices/{claim:N}", await tehsildar.Page("/en/desk/duties"), StringComparison.Ordinal);
        Assert.Contains("The request was not answered in time.", await tehsildar.Page($"/en/desk/notices/{claim}"), StringComparison.Ordinal);
        using var replied = await tehsildar.Form($"/en/desk/notices/{claim}", new() { ["answer"] = "The record room was flooded." });
        Assert.Equal(HttpStatusCode.SeeOther, replied.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await tehsildar.Form($"/en/desk/notices/{claim}", new() { ["answer"] = "More." })).StatusCode);
        Assert.Contains("The record room was flooded.", await dc.Page(path), StringComparison.Ordinal);
        Assert.DoesNotContain(await site.Database.Query<string>("select body::text from journal.entry where stream like 'penalty/%'"), b => b.Contains("flooded", StringComparison.Ordinal));

        // Within the cap; also after the order on the appeal itself.
        Assert.Equal(HttpStatusCode.SeeOther, (await dc.Order(site, appeal.Reference, "allowed")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await dc.Form(path, Order("5001"))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await dc.Form(path, Order("3,000"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await dc.Form(path, Order("3000"))).StatusCode);

        Dictionary<string, string> Pay(string sum, int seen) => Appealing.With(new() { ["do"] = "pay", ["claim"] = $"{claim}", ["seen"] = $"{seen}", [$"sum-{claim:N}"] = sum, [$"voucher-{claim:N}"] = "CH/2027/81" }, Appealing.Date($"paid-on-{claim:N}", today));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await dc.Form(path, Pay("3000.01", 1))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await dc.Form(path, Pay("1000", 1))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await dc.Form(path, Pay("1000", 1))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await dc.Form(path, new() { ["do"] = "counter", ["claim"] = $"{claim}", ["line"] = "2" })).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await dc.Form(path, new() { ["do"] = "counter", ["claim"] = $"{claim}", ["line"] = "2" })).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await dc.Form(path, Pay("3000", 3))).StatusCode);
        Assert.Equal(0m, await site.Database.One<decimal>("select sum(amount) from cases.money where claim = @claim", new { claim }));
        await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => site.Database.Execute("update cases.money set amount = 1 where line = 1"));

        using var award = await dc.Form(path, new() { ["do"] = "compensate", ["compensation"] = "out-of-penalty", ["compensation-amount"] = "2500", ["compensation-reason"] = "For two lost journeys." });
        Assert.True(award.StatusCode == HttpStatusCode.SeeOther, await award.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await dc.Form(path, new() { ["do"] = "compensate", ["compensation"] = "out-of-penalty", ["compensation-amount"] = "501", ["compensation-reason"] = "More." })).StatusCode);
        var csv = await dc.GetStringAsync($"/en/desk/ledger.csv?case={reference}");
        Assert.Equal(6, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"'-1000.00\",\"CH/2027/81\"", csv, StringComparison.Ordinal);
        Assert.Single((await tehsildar.GetStringAsync($"/en/desk/ledger.csv?case={reference}")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await site.CatchUp();
        using var citizen = await site.Citizen(Mobile);
        Assert.Contains("For two lost journeys.", await citizen.Page($"/en/requests/{reference}"), StringComparison.Ordinal);
        using var anyone = site.Client();
        var tracked = await anyone.Form("/en/track", new() { ["reference"] = reference, ["mobile"] = Mobile });
        var shown = WebUtility.HtmlDecode(await tracked.Content.ReadAsStringAsync());
        Assert.Contains("Compensation of ₹2,500", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("lost journeys", shown, StringComparison.Ordinal);
        Assert.Contains("The record room was flooded.", await dc.Page($"/en/desk/cases/{appeal.Reference}/story"), StringComparison.Ordinal);
    }
}
