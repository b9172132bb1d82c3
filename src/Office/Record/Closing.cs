using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Order;

namespace Sahulat.Office.Record;

/// <summary>Closing, reopening, and what lies in the record room (CSMOP, record retention).</summary>
internal sealed class Closing(Files files, OfficePosts posts, Database database)
{
    public const int PageSize = 50;

    /// <summary>A and B are kept; C-n is weeded after n years, E (ephemeral) after one.</summary>
    public static readonly IReadOnlyList<string> Classes = ["A", "B", .. Enumerable.Range(1, 10).Select(n => $"C-{n}"), "E"];

    /// <summary>Which files: to be recorded, in the record room, due for review, handed to the archive.</summary>
    public static readonly IReadOnlyList<string> Shelves = ["closed", "recorded", "due", "transferred"];

    /// <summary>C-3 closed on 15-06-2005 is due on 01-01-2009.</summary>
    public static DateOnly? WeedOn(string retention, DateOnly closed) => retention switch
    {
        "E" => closed.AddYears(1),
        ['C', '-', ..] => new DateOnly(closed.Year + int.Parse(retention.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture) + 1, 1, 1),
        _ => null,
    };

    /// <summary>Files that are kept are reviewed 25 years after they were opened.</summary>
    public static DateOnly ReviewOn(DateOnly? weed, DateOnly opened) => weed ?? opened.AddYears(25);

    public Task<Result<Done>> Close(Reach reach, Guid id, long version, string? retention, CancellationToken ct) => files.Act(reach, id, version, Need.Holds, async open =>
    {
        if (retention is null || !Classes.Contains(retention)) return Problem.Invalid([new Fault("retention", "not-a-choice")]);
        var (yellow, unsent) = await open.Work.One<(bool, bool)>("select exists (select from office.yellow where file_id = @Id and post = @Holder), exists (select from office.draft where file_id = @Id and state in ('approved', 'signed'))", new { open.File.Id, open.File.Holder });
        if (yellow) return OfficeProblems.NoteUnsigned;
        if (unsent) return OfficeProblems.DraftsOpen;
        var on = Ist.DateIn(open.At);
        (open.File.State, open.File.ClosedOn, open.File.Retention, open.File.WeedOn) = ("closed", on, retention, WeedOn(retention, on));
        open.File.ReviewOn = ReviewOn(open.File.WeedOn, open.File.OpenedOn);
        open.Say(new FileClosed(on, retention, open.File.WeedOn));
        return null;
    }, ct);

    public Task<Result<Done>> Reopen(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.HoldsAny, async open =>
    {
        if (open.File.State is not ("closed" or "recorded")) return OfficeProblems.NotOpen;
        await RecordOrders.TakeOff(open);
        (open.File.State, open.File.ClosedOn, open.File.WeedOn, open.File.ReviewOn, open.File.MovedAt, open.File.CameAt) = ("open", null, null, null, open.At, null);
        open.Say(new FileReopened(Ist.DateIn(open.At)));
        return null;
    }, ct);

    /// <summary>The head of the office looks at a closed file and puts it in the record room.</summary>
    public Task<Result<Done>> Record(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.Sees, open =>
    {
        if (open.File.State != "closed") return Task.FromResult<Problem?>(OfficeProblems.NotOpen);
        if (!Heads(reach, open.File.Office)) return Task.FromResult<Problem?>(OfficeProblems.NotSenior);
        open.File.State = "recorded";
        open.Say(new FileRecorded(Ist.DateIn(open.At)));
        return Task.FromResult<Problem?>(null);
    }, ct);

    /// <returns>A page of them, and how many there are.</returns>
    public async Task<(IReadOnlyList<FileRow> Rows, int Count)> List(Reach reach, string shelf, int page, DateOnly today, CancellationToken ct)
    {
        var which = shelf switch { "closed" => "state = 'closed'", "due" => "state = 'recorded' and review_on <= @today", "transferred" => "state = 'transferred'", _ => "state = 'recorded'" };
        var count = await database.One<int>($"select count(*)::int from office.file where {which} and scopes && @Scopes", new { today, reach.Scopes }, ct);
        return (await database.Query<FileRow>($"select {FileRow.Columns} from office.file where {which} and scopes && @Scopes order by review_on nulls last, number, id limit {PageSize} offset @skip", new { today, reach.Scopes, skip = (page - 1) * PageSize }, ct), count);
    }

    /// <summary>Files that wait on a list, with its number.</summary>
    public async Task<IReadOnlyDictionary<Guid, (Guid Order, string Number)>> Listed(IEnumerable<Guid> ids, CancellationToken ct) =>
        (await database.Query<(Guid File, Guid Order, string Number)>("select i.file_id, o.id, o.number from office.record_item i join office.record_order o on o.id = i.order_id where i.state = 'waiting' and i.file_id = any(@ids)", new { ids = ids.ToArray() }, ct)).ToDictionary(r => r.File, r => (r.Order, r.Number));

    /// <summary>Whether the official keeps the records of the office: any post of it, or the head of one above.</summary>
    public bool Keeps(Reach reach, string office) => reach.Own.Any(p => posts.OfficeOf(p) == office) || Heads(reach, office);

    public bool Heads(Reach reach, string office) => HeadOf(reach, office) is not null;

    /// <returns>The post by which the official heads the office or one above it.</returns>
    public string? HeadOf(Reach reach, string office) => posts.Organisation.PostsOfOffice(office).FirstOrDefault(p => p.Head) is { } head ? reach.Own.FirstOrDefault(p => p == head.Code || posts.IsSenior(p, head.Code)) : null;
}
