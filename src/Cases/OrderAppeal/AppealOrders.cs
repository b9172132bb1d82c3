using Sahulat.Cases.Decide;
using Sahulat.Cases.Hear;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.OrderAppeal;

/// <summary>What an order on an appeal asks for besides its words: that a late appeal's delay is decided, and, where it sends the request back, a date for the officer.</summary>
internal sealed class AppealOrders(IServiceDirectory services, IOrganisation organisation)
{
    public static readonly string[] Outcomes = [CaseState.Allowed, CaseState.Partly, CaseState.Dismissed];

    private const int Ahead = 365;

    public static void Faults(Check check, DeskAction act, DateOnly today)
    {
        if (act.RemandBy is not { } by) return;
        if (!check.That(act.Action != CaseState.Dismissed, "remand", "remand-of-dismissed")) return;
        Dates.Check(check, "remand", by, today, today.AddDays(Ahead));
    }

    /// <summary>Whether the appeal may be decided on its merits.</summary>
    public static async Task<Problem?> Refusal(Work work, Case c) =>
        await work.One<bool>("select exists (select from cases.appeal where case_id = @Id and late_days > 0 and delay is null)", new { c.Id }) ? CaseProblems.DelayOpen : null;

    public async Task<Result<Done>> Remand(Work work, Case appeal, DateOnly due, string post, Actor actor, DateTimeOffset at)
    {
        var first = await Bench.First(work, appeal);
        var today = Ist.DateIn(at);
        var service = services.FindVersion(first.Service, first.ServiceVersion);
        var done = first.Remand(appeal.Id, appeal.Layer!, post, today, due, step =>
        {
            var designation = service?.Steps.FirstOrDefault(s => s.Code == step)?.Officer.Designation ?? "";
            var found = organisation.Resolve(designation, first.Place, today);
            return (found.Post, found.Raised ? new PostFoundVacant(found.Wanted ?? designation, found.Post, found.Why) : null);
        });
        if (!done.Ok) return done;
        await work.Save(first, actor, at);
        await work.Execute("insert into cases.remand (case_id, appeal, layer, on_date, due_on) values (@Id, @appeal, @Layer, @today, @due)", new { first.Id, appeal = appeal.Id, appeal.Layer, today, due });
        return done;
    }
}
