using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Guarantee.Prove;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>An authority conducts an appeal: hearing, direction, stay, order; and what is sent back is watched again.</summary>
public sealed class ProceedingsTests(Cluster cluster)
{
    private const string Mobile = "9419066601", Dc = "deputy-commissioner@district-5";

    [Fact]
    public async Task Appeal_IsHeard_Directed_Stayed_AndSentBack_AndALapseOfThatGoesToTheLayerAbove()
    {
        await using var site = await Appealing.Site(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome(Mobile);
        await site.Bring(reference, Desks.Tehsildar);
        await site.Lapse(80);
        var appeal = await site.AppealOf(reference);
        using var dc = await site.Official(Dc);
        using var tehsildar = await site.Official(Desks.Tehsildar);
        var path = $"/en/desk/cases/{appeal.Reference}/hear";
        var today = Ist.Today(site.Clock);

        // A hearing, not on a day on which the office is closed, nor without place.
        var sunday = today.AddDays(7 - (int)today.DayOfWeek);
        using var closed = await dc.Hear(site, appeal.Reference, "fixed", Appealing.Date("on", sunday), ("at", "25:00"), ("mode", "video"));
        var faults = await closed.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, closed.StatusCode);
        foreach (var fault in new[] { "The office is closed on this day", "Write a time such as 11:30" }) Assert.Contains(fault, faults, StringComparison.Ordinal);
        await dc.HearOk(site, appeal.Reference, "fixed", Appealing.Date("on", sunday.AddDays(3)), ("at", "11:30"), ("mode", "in-person"), ("place", "Room 4, DC office"));
        Assert.Equal(HttpStatusCode.Conflict, (await dc.Hear(site, appeal.Reference, "fixed", Appealing.Date("on", sunday.AddDays(4)), ("at", "11:30"), ("mode", "in-person"), ("place", "x"))).StatusCode);
        await dc.HearOk(site, appeal.Reference, "adjourned", Appealing.Date("on", sunday.AddDays(4)), ("at", "15:00"), ("mode", "video"), ("reason", "The officer asked for time."), ("place", ""));
        await dc.HearOk(site, appeal.Reference, "direct", Appealing.Date("by", sunday.AddDays(5)), ("direction", "Send the enquiry report."));
        Assert.Equal(HttpStatusCode.NotFound, (await tehsildar.GetAsync(path)).StatusCode);
        await site.CatchUp();
        using var citizen = await site.Citizen(Mobile);
        var outbox = WebUtility.HtmlDecode(await citizen.GetStringAsync($"/en/outbox?mobile={Mobile}"));
        Assert.Contains("15:00", outbox, StringComparison.Ordinal);
        Assert.Contains("directed the office", outbox, StringComparison.Ordinal);
        Assert.Contains("Room 4, DC office", await citizen.Page($"/en/requests/{appeal.Reference}"), StringComparison.Ordinal);
        Assert.DoesNotContain(await site.Database.Query<string>("select body::text from journal.entry where stream = @stream", new { stream = $"case/{appeal.Id:N}" }), b => b.Contains("Room 4", StringComparison.Ordinal) || b.Contains("enquiry report", StringComparison.Ordinal));

        // The officer sees the direction at the request and on his list, and carries it out.
        Assert.Contains("Send the enquiry report.", await tehsildar.Page($"/en/desk/cases/{reference}"), StringComparison.Ordinal);
        var duties = await tehsildar.Page("/en/desk/duties");
        Assert.Contains("15:00", duties, StringComparison.Ordinal);
        using var complied = await tehsildar.Form("/en/desk/duties", new() { ["case"] = $"{appeal.Id}", ["number"] = "1", [$"reply-{appeal.Id:N}-1"] = "Sent by post." });
        Assert.Equal(HttpStatusCode.SeeOther, complied.StatusCode);
        using var patwari = await site.Official(Desks.Patwari);
        Assert.Equal(HttpStatusCode.NotFound, (await patwari.Form("/en/desk/duties", new() { ["case"] = $"{appeal.Id}", ["number"] = "1", [$"reply-{appeal.Id:N}-1"] = "Not mine." }, "/en/desk")).StatusCode);
        Assert.Contains("Sent by post.", await dc.Page(path), StringComparison.Ordinal);

        // Attendance on the day, not before; a stay bars everything until it is lifted, and in this law the clock goes on.
        Assert.Equal(HttpStatusCode.Conflict, (await dc.Hear(site, appeal.Reference, "held", ("applicant", "present"), ("officer", "absent"))).StatusCode);
        site.Clock.Set(Ist.At(sunday.AddDays(4), new TimeOnly(16, 0)));
        using var later = await site.Official(Dc);
        await later.HearOk(site, appeal.Reference, "held", ("applicant", "present"), ("officer", "absent"), ("minutes", "The applicant was heard."));
        await later.HearOk(site, appeal.Reference, "stay", ("order-no", "WP(C) 12/2027"), ("court", "High Court"), ("stay-reason", "Title is in dispute."));
        Assert.Equal(HttpStatusCode.Conflict, (await later.Order(site, appeal.Reference, "allowed")).StatusCode);
        await later.HearOk(site, appeal.Reference, "lift", ("order-no", "WP(C) 12/2027-2"), ("stay-reason", "Dismissed as withdrawn."));
        Assert.Equal("open", await site.Database.One<string>("select state from guarantee.clock where case_id = @Id", new { appeal.Id }));

        // Sent back with a date: the request is open again, on a clock of its own.
        var by = Ist.Today(site.Clock).AddDays(10);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await later.Order(site, appeal.Reference, "dismissed", Appealing.Date("remand", by))).StatusCode);
        using var ordered = await later.Order(site, appeal.Reference, "allowed", Appealing.Date("remand", by));
        Assert.True(ordered.StatusCode == HttpStatusCode.SeeOther, await ordered.Content.ReadAsStringAsync());
        await site.CatchUp();
        Assert.Equal(("open", by), await site.Database.One<(string, DateOnly)>("select state, due_on from guarantee.clock where reference = @reference", new { reference }));
        using var again = await site.Citizen(Mobile);
        Assert.Contains("sent back to the officer", await again.Page($"/en/requests/{reference}"), StringComparison.Ordinal);
        var story = await later.Page($"/en/desk/cases/{appeal.Reference}/story");
        foreach (var part in new[] { "Rukhsana Ahmad Bhat", "Patwari, Jammu", "The applicant was heard.", "Send the enquiry report.", "Day of the complete request, not counted", Reference.Show(reference) }) Assert.Contains(part, story, StringComparison.Ordinal);

        // Silence again: the next layer above the one that sent it back.
        site.Clock.Advance(TimeSpan.FromDays(12));
        await site.Lapse(0);
        var second = (await site.Appeals(reference)).Single(a => a.Layer == "second-appeal");
        var proved = await site.Services.GetRequiredService<DailyProof>().Run(Ist.Today(site.Clock), default);
        Assert.Equal((0, 0, 0, 0), (proved.Overdue, proved.Unappealed, proved.Unfounded, proved.Unjournaled));

        // The second authority is silent too; the law opens the revision on the applicant's wish only.
        await site.Lapse(80);
        Assert.Equal(2, (await site.Appeals(reference)).Count);
        using var last = await site.Citizen(Mobile);
        using var revision = await last.Appeal(second.Reference, "delay", late: "I waited.");
        Assert.True(revision.StatusCode == HttpStatusCode.SeeOther, await revision.Content.ReadAsStringAsync());
        Assert.Equal("revision", (await site.AppealOf(reference)).Layer);
    }

    [Fact]
    public async Task LateAppeal_DelayIsDecidedFirst_AndAVacantAuthorityIsActedFor()
    {
        await using var site = await Appealing.Site(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome(Mobile);
        await site.Approve(reference);
        site.Clock.Advance(TimeSpan.FromDays(40));
        await site.Vacate(Dc);
        using var citizen = await site.Citizen(Mobile);
        using var filed = await citizen.Appeal(reference, "deficiency", late: "I was ill.");
        Assert.Equal(HttpStatusCode.SeeOther, filed.StatusCode);
        var appeal = await site.AppealOf(reference);
        Assert.NotEqual(Dc, appeal.Post);
        Assert.Contains(await site.Database.Stream($"case/{appeal.Id:N}"), e => e.Kind == PostFoundVacant.Kind);
        using var authority = await site.Official(appeal.Post);
        Assert.Equal(HttpStatusCode.Conflict, (await authority.Order(site, appeal.Reference, "allowed")).StatusCode);
        await authority.HearOk(site, appeal.Reference, "delay", ("delay", "condoned"), ("why", "Illness is shown."));
        Assert.Equal(HttpStatusCode.Conflict, (await authority.Hear(site, appeal.Reference, "delay", ("delay", "refused"), ("why", "Again."))).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await authority.Order(site, appeal.Reference, "partly")).StatusCode);
        await site.CatchUp();
        Assert.Equal("partly", await site.Database.One<string>("select outcome from guarantee.clock where case_id = @Id", new { appeal.Id }));
        Assert.Contains("Appeal partly allowed", await citizen.Page($"/en/requests/{appeal.Reference}"), StringComparison.Ordinal);
        // What it decided it still sees.
        Assert.Equal(HttpStatusCode.OK, (await authority.GetAsync($"/en/desk/cases/{appeal.Reference}/story")).StatusCode);
    }
}
