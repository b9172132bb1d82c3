using System.Globalization;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Redress;

/// <summary>What an office does with a grievance beyond asking and forwarding: answers it, and all that are joined to it; names a later day; sends it to the competent office; joins it to another.</summary>
internal sealed class RedressAct(TransferTargets targets, CaseView view, IServiceDirectory services, IOrganisation organisation, IStatutoryClock clock, NoteDigest digests)
{
    /// <summary>So many may be joined to one: its answer goes to all of them in one transaction.</summary>
    private const int MostJoined = 500;

    public static bool Knows(string action) => action is "transfer" or "interim" or "dispose" or "join" or "part";

    /// <summary>The act has been found permitted; the case is saved here.</summary>
    public async Task<Result<Done>> Run(Work work, Case c, string post, Actor actor, DeskAction act, DateTimeOffset at)
    {
        var today = Ist.DateIn(at);
        if (services.FindVersion(c.Service, c.ServiceVersion) is not { Grievance: { } terms } subject || subject.Steps.FirstOrDefault(s => s.Code == act.Step) is not { } step) return CaseProblems.NotThisStep;
        var digest = string.IsNullOrWhiteSpace(act.Text) ? null : digests.Of(act.Text.Trim());
        var done = act.Action switch
        {
            "transfer" => Transfer(c, post, step, subject, act, today),
            "interim" => Interim(c, post, step, act.Until, digest, today),
            "dispose" => Dispose(c, post, step, terms, act.Reasons, digest, today, at),
            "join" => await Join(work, c, post, step, act.With),
            _ => c.Part(post),
        };
        if (!done.Ok) return done;
        if (!string.IsNullOrWhiteSpace(act.Text)) await view.Note(work, c, KindOf(act.Action), act.Text.Trim(), actor, at);
        await work.Save(c, actor, at);
        // Its likes are now those of the other subject.
        if (act.Action == "transfer") await work.Execute("update cases.grievance set subject = @Service where case_id = @Id", new { c.Service, c.Id });
        return act.Action == "dispose" ? await Followers(work, c, post, act, digest, actor, at) : done;
    }

    /// <summary>The head ended without an answer: those that waited for it stand for themselves again.</summary>
    public static async Task PartAll(Work work, Case head, Actor actor, DateTimeOffset at)
    {
        foreach (var joined in await Joined(work, head.Id))
        {
            joined.Part(null);
            await work.Save(joined, actor, at);
        }
    }

    private Result<Done> Transfer(Case c, string post, WorkflowStep step, ServiceVersion subject, DeskAction act, DateOnly today)
    {
        var check = new Check();
        var other = string.IsNullOrEmpty(act.Subject) ? subject : targets.Subjects(c, today).FirstOrDefault(s => s.Code == act.Subject);
        check.That(other is not null, "subject", "not-a-choice");
        string? to = null;
        PostFoundVacant? alarm = null;
        if (string.IsNullOrEmpty(act.To))
        {
            // Another subject knows its officer; the same subject needs an office named.
            check.That(other is null || other.Code != subject.Code, "office", "required");
            var found = other?.Designated is { } rule ? organisation.Resolve(rule.Designation, c.Place, today) : null;
            to = found?.Post;
            if (found is { Raised: true }) alarm = new PostFoundVacant(found.Wanted ?? other!.Designated!.Designation, found.Post, found.Why);
            check.That(!check.Ok || to is not null, "office", "required");
        }
        else
        {
            to = targets.Offices(c, post, today).Any(p => p.Code == act.To) ? act.To : null;
            check.That(to is not null, "office", "not-a-choice");
        }

        if (check.Ok) check.That(to != post, "office", "same-office");
        if (!check.Ok) return check.ToProblem();
        var done = c.Transfer(post, step, to!, other!);
        if (done.Ok && alarm is not null) c.Alarm(alarm);
        return done;
    }

    private Result<Done> Interim(Case c, string post, WorkflowStep step, string? written, string? digest, DateOnly today)
    {
        if (!DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)) return Problem.Invalid([new Fault("until", string.IsNullOrEmpty(written) ? "required" : "not-a-date")]);
        var latest = c is { Law: { } law, LawVersion: { } version, CompleteOn: { } complete } ? clock.LatestOn(law, version, c.Place, complete) : null;
        return c.Interim(post, step, until, latest, digest, today);
    }

    private static Result<Done> Dispose(Case c, string post, WorkflowStep step, GrievanceTerms terms, IReadOnlyList<string> chosen, string? digest, DateOnly today, DateTimeOffset at) =>
        chosen is [var code] && terms.Dispositions.FirstOrDefault(d => d.Code == code) is { } how
            ? c.Dispose(post, step, how, digest, today, at)
            : Problem.Invalid([new Fault("reasons", chosen.Count == 0 ? "required" : "not-a-choice")]);

    private static async Task<Result<Done>> Join(Work work, Case c, string post, WorkflowStep step, string? with)
    {
        if (Reference.Parse(with, out _) is not { } reference) return Problem.Invalid([new Fault("with", string.IsNullOrEmpty(with) ? "required" : "reference-form")]);
        if (await work.Case(reference) is not { } head) return Problem.Invalid([new Fault("with", "not-a-choice")]);
        if (await work.One<bool>("""select exists (select from cases."case" where head = @Id)""", new { c.Id })) return CaseProblems.CannotJoin;
        // Who joins is competent for both: he may not hang a neighbour's case on a stranger's.
        if (head.Post != c.Post) return CaseProblems.CannotJoin;
        // The head must not end meanwhile.
        if (await work.One<int?>("""select 1 from cases."case" where id = @Id and version = @Version for update""", new { head.Id, head.Version }) is null) return Problem.Conflict;
        if (await work.One<int>("""select count(*)::int from cases."case" where head = @Id and state = 'joined'""", new { head.Id }) >= MostJoined) return Problem.Invalid([new Fault("with", "joined-full", MostJoined)]);
        return c.Join(post, step, head);
    }

    /// <summary>The same answer for all that were joined, sealed for each.</summary>
    private async Task<Result<Done>> Followers(Work work, Case head, string post, DeskAction act, string? digest, Actor actor, DateTimeOffset at)
    {
        foreach (var joined in await Joined(work, head.Id))
        {
            joined.FollowHead(post, act.Reasons[0], digest, Ist.DateIn(at), at);
            await view.Note(work, joined, "reply", act.Text!.Trim(), actor, at);
            await work.Save(joined, actor, at);
        }

        return Done.It;
    }

    private static async Task<IReadOnlyList<Case>> Joined(Work work, Guid head)
    {
        var found = new List<Case>();
        foreach (var id in await work.Query<Guid>("""select id from cases."case" where head = @head and state = 'joined' order by id for update""", new { head }))
            if (await work.Case(id) is { } joined) found.Add(joined);
        return found;
    }

    private static string KindOf(string action) => action switch { "dispose" => "reply", "interim" or "transfer" => action, _ => "remark" };
}
