using Sahulat.Cases.OrderAppeal;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Decide;

/// <param name="Version">The journal version that the officer looked at.</param>
/// <param name="RemandBy">An order on an appeal may send the request back to its officer, to be answered by this day.</param>
internal sealed record DeskAction(string Reference, long Version, string? Step, string Action, string? Text, IReadOnlyList<string> Reasons, string? To, string? Until = null, string? Subject = null, string? With = null, DateOnly? RemandBy = null);

/// <summary>One act of an officer on one case, by the workflow's step.</summary>
internal sealed class DeskAct(Database database, DeskPosts posts, Steps steps, CaseView view, Redress.RedressAct redress, IServiceDirectory services, AppealOrders orders, ICasePapers papers, NoteDigest digest, TimeProvider time)
{
    public const int TextMax = 4000;

    public Task<Result<Done>> Run(OfficialCaller who, DeskAction act, CancellationToken ct) => Write(work => Run(work, who, act), ct);

    /// <summary>Undoes a forward, as long as nobody has acted on the case since: only by who sent it.</summary>
    public Task<Result<Done>> TakeBack(OfficialCaller who, string reference, CancellationToken ct) => Write(work => TakeBack(work, who, reference), ct);

    private async Task<Result<Done>> Write(Func<Work, Task<Result<Done>>> act, CancellationToken ct)
    {
        try
        {
            return await database.Write(act, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }

    private async Task<Result<Done>> TakeBack(Work work, OfficialCaller who, string reference)
    {
        if (await work.Case(reference) is not { } c) return Problem.NotFound;
        var last = await work.One<JournalEntry>("select position, stream, version, kind, at, actor, body::text as body, digest from journal.entry where stream = @stream order by version desc limit 1", new { stream = CaseStore.Stream(c.Id) });
        if (last?.Kind != CaseForwarded.Kind || !last.Actor.EndsWith($"/{who.Id:N}", StringComparison.Ordinal))
            return Standing(c).Any(posts.Seen(who.Id).Contains) ? CaseProblems.CannotTakeBack : Problem.NotFound;
        var sent = last.As<CaseForwarded>();
        if (sent.TakenBack == true) return CaseProblems.CannotTakeBack;
        if (!posts.Acts(who.Id).TryGetValue(sent.From, out var via)) return CaseProblems.NotYours;
        var done = c.TakeBack(sent.Step, sent.To, sent.From);
        if (done.Ok) await work.Save(c, who.As(via), time.GetUtcNow());
        return done;
    }

    private async Task<Result<Done>> Run(Work work, OfficialCaller who, DeskAction act)
    {
        if (await work.Case(act.Reference) is not { } c) return Problem.NotFound;
        var seen = posts.Seen(who.Id);
        if (!Standing(c).Any(seen.Contains)) return Problem.NotFound;
        if (c.Version != act.Version) return Problem.Conflict;
        var at = time.GetUtcNow();
        if (Faults(c, act, Ist.DateIn(at)) is { } faults) return faults;
        var post = c.Type == "appeal" ? c.Post : c.Steps.FirstOrDefault(s => s.Code == act.Step)?.Post;
        if (post is null || !posts.Acts(who.Id).TryGetValue(post, out var via)) return CaseProblems.NotYours;
        if (c.IsAppeal && await AppealOrders.Refusal(work, c) is { } refused) return refused;
        if (via != post) c.StandIn(post, via);
        if (c.Type == "grievance" && Redress.RedressAct.Knows(act.Action)) return await redress.Run(work, c, post, who.As(via), act, at);
        var order = act.Action is "approve" or "reject" ? (await papers.Orders(c.Reference, work.Cancelled)).LastOrDefault()?.Number : null;
        var done = Change(c, post, act, Ist.DateIn(at), at, order);
        if (done.Problem is not null) return done;
        var actor = who.As(via);
        if (!string.IsNullOrWhiteSpace(act.Text)) await view.Note(work, c, KindOf(act.Action), act.Text.Trim(), actor, at);
        if (act.Action == "query" && Pauses(c))
            await work.Execute("insert into cases.pause (case_id, paused_from) values (@Id, @on) on conflict do nothing", new { c.Id, on = Ist.DateIn(at) });
        await work.Save(c, actor, at);
        return act.RemandBy is { } due && c.IsAppeal ? await orders.Remand(work, c, due, post, actor, at) : done;
    }

    /// <summary>Every post that acted, acts or waits on the case.</summary>
    public static IEnumerable<string> Standing(Case c) => c.Steps.Select(s => s.Post).Append(c.Post).Append(c.DecidedBy).OfType<string>();

    private Problem? Faults(Case c, DeskAction act, DateOnly today)
    {
        var check = new Check();
        if (act.Action is "query" or "reject" or "interim" or "dispose" or "transfer" || AppealOrders.Outcomes.Contains(act.Action)) check.That(!string.IsNullOrWhiteSpace(act.Text), "text", "required");
        check.That((act.Text?.Length ?? 0) <= TextMax, "text", "too-long", TextMax);
        check.That(act.Text is null || !act.Text.Any(ch => char.IsControl(ch) && ch is not ('\n' or '\r' or '\t')), "text", "control-characters");
        AppealOrders.Faults(check, act, today);
        if (act.Action == "reject")
        {
            check.That(act.Reasons.Count > 0, "reasons", "required");
            var known = services.FindVersion(c.Service, c.ServiceVersion)?.RejectReasons.Select(r => r.Code).ToHashSet() ?? [];
            check.That(act.Reasons.All(known.Contains), "reasons", "not-a-choice");
        }

        if (act.Action == "forward")
        {
            var own = c.Steps.FirstOrDefault(s => s.Code == act.Step)?.Post;
            check.That(own is not null && posts.Colleagues(own).Any(p => p.Code == act.To), "to", "not-a-choice");
        }

        return check.Ok ? null : check.ToProblem();
    }

    private Result<Done> Change(Case c, string post, DeskAction act, DateOnly today, DateTimeOffset at, string? order)
    {
        var said = string.IsNullOrWhiteSpace(act.Text) ? null : digest.Of(act.Text);
        if (AppealOrders.Outcomes.Contains(act.Action)) return c.Order(post, act.Action, said, today);
        if (services.FindVersion(c.Service, c.ServiceVersion) is not { } service || service.Steps.FirstOrDefault(s => s.Code == act.Step) is not { } step) return CaseProblems.NotThisStep;
        return act.Action switch
        {
            "query" => c.Ask(post, step, today, Pauses(c)),
            "forward" => c.Forward(post, step, act.To!),
            "approve" => c.Decide(post, step, CaseState.Approved, [], said, today, at, order),
            "reject" => c.Decide(post, step, CaseState.Rejected, act.Reasons, said, today, at, order),
            _ => c.FinishStep(post, step, act.Action, act.Action, service, today, at, steps.Of(service, c.Place, c.LawVersion)),
        };
    }

    private bool Pauses(Case c) => c is { Law: { } law, LawVersion: { } version } && services.LawVersion(law, version)?.Pauses.Contains("query") == true;

    private static string KindOf(string action) => action switch { "query" => "query", "reject" => "reason", "allowed" or "partly" or "dismissed" => "order", "forward" => "forward", _ => "remark" };
}
