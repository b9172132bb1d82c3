using System.Globalization;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Record;

namespace Sahulat.Office.Review;

internal sealed record Reviewed(int Seq, string Outcome, string Was, string Becomes, DateOnly Due, string Reason, string Post, DateTimeOffset At);

/// <summary>The review of a recorded file when it is due: it is kept longer, for ever, or in another class; else it goes on an order of weeding.</summary>
internal sealed class Reviewing(Database database, Files files, Closing closing, Seals seals)
{
    public const int ReasonMax = 1000;

    public static string Context(Guid file, int seq) => $"office.review/{file:N}/{seq}";

    public async Task<IReadOnlyList<Reviewed>> Of(Guid file, CancellationToken ct)
    {
        var rows = await database.Query<Row>("select seq, outcome, was, becomes, due, reason, post, at from office.review where file_id = @file order by seq", new { file }, ct);
        return rows.Count > 0 && (await seals.Keys([file], ct)).TryGetValue(file, out var key) ? [.. rows.Select(r => new Reviewed(r.Seq, r.Outcome, r.Was, r.Becomes, r.Due, seals.Open(key, r.Reason, Context(file, r.Seq)), r.Post, r.At))] : [];
    }

    /// <summary>What the review comes to; a fault where the rules do not allow it.</summary>
    /// <param name="until">The year on whose first day the file is due again; within ten years of its closing.</param>
    /// <param name="retention">The class that it gets; A and B keep it for ever.</param>
    public static Result<(string Outcome, string Retention, DateOnly? Weed, DateOnly Review)> Decide(FileRow file, DateOnly today, string? outcome, string? until, string? retention)
    {
        if (outcome == "extend")
        {
            if (file.WeedOn is null || file.ClosedOn is not { } closed) return Problem.Invalid([new Fault("outcome", "not-a-choice")]);
            if (!int.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is < 1900 or > 2200) return Problem.Invalid([new Fault("until", string.IsNullOrWhiteSpace(until) ? "required" : "not-a-date")]);
            var due = new DateOnly(year, 1, 1);
            if (due <= today) return Problem.Invalid([new Fault("until", "date-too-early", new DateOnly(today.Year + 1, 1, 1))]);
            if (due > Closing.WeedOn("C-10", closed)) return Problem.Invalid([new Fault("until", "office-beyond-ten-years", (closed.Year + 11).ToString(CultureInfo.InvariantCulture))]);
            return ("extended", file.Retention!, due, due);
        }

        if (outcome != "class" || retention is null || !Closing.Classes.Contains(retention)) return Problem.Invalid([new Fault(outcome == "class" ? "retention" : "outcome", "not-a-choice")]);
        var weed = Closing.WeedOn(retention, file.ClosedOn ?? today);
        return (weed is null ? "kept" : "changed", retention, weed, weed ?? today.AddYears(25));
    }

    public Task<Result<Done>> Review(Reach reach, Guid id, long version, string? outcome, string? until, string? retention, string? reason, CancellationToken ct) => files.Act(reach, id, version, Need.Sees, async open =>
    {
        var file = open.File;
        var today = Ist.DateIn(open.At);
        if (file.State != "recorded") return OfficeProblems.NotOpen;
        if (closing.HeadOf(reach, file.Office) is not { } post) return OfficeProblems.NotSenior;
        if (file.ReviewOn > today) return OfficeProblems.NotDue;
        if (await open.Work.One<bool>("select exists (select from office.record_item where file_id = @id and state = 'waiting')", new { id })) return OfficeProblems.OnOtherOrder;
        var decided = Decide(file, today, outcome, until, retention);
        var check = new Check();
        if (!decided.Ok) foreach (var fault in decided.Problem.Faults) check.Add(fault);
        check.That(!string.IsNullOrWhiteSpace(reason), "reason", "required");
        check.That((reason?.Length ?? 0) <= ReasonMax, "reason", "too-long", ReasonMax);
        if (!check.Ok) return check.ToProblem();
        var (became, newClass, weed, review) = decided.Value;
        var seq = await open.Work.One<int>("select coalesce(max(seq), 0)::int + 1 from office.review where file_id = @id", new { id });
        var key = await seals.Key(open.Work, id);
        await open.Work.Execute("insert into office.review (file_id, seq, outcome, was, becomes, due, reason, post, official, at) values (@id, @seq, @became, @was, @newClass, @review, @reason, @post, @who, @At)",
            new { id, seq, became, was = file.Retention, newClass, review, reason = seals.Seal(key, reason!.Trim(), Context(id, seq)), post, who = reach.Who.Id, open.At });
        open.Say(new FileReviewed(became, file.Retention!, newClass, review, seals.Digest(reason.Trim())));
        (file.Retention, file.WeedOn, file.ReviewOn) = (newClass, weed, review);
        return null;
    }, ct);

    private sealed class Row
    {
        public int Seq { get; init; }

        public string Outcome { get; init; } = "";

        public string Was { get; init; } = "";

        public string Becomes { get; init; } = "";

        public DateOnly Due { get; init; }

        public byte[] Reason { get; init; } = [];

        public string Post { get; init; } = "";

        public DateTimeOffset At { get; init; }
    }
}
