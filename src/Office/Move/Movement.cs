using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.Find;
using Sahulat.Office.Handing;
using Sahulat.Office.Inform;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Note;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Move;

internal sealed record Moved(int Seq, string FromPost, string ToPost, string Way, DateTimeOffset At, DateTimeOffset? OpenedAt);

/// <param name="Address">Of the page that shows them, without its query.</param>
internal sealed record MovesShown(IReadOnlyList<Moved> Moves, string Address, bool Open);

/// <summary>Files and receipts go from post to post: marked, returned, pulled back while unopened, pulled up by a senior, put away until a date.</summary>
internal sealed class Movement(Database database, Files files, ReceiptStore receipts, Notings notings, HandingOver handing, OfficePosts posts, Seals seals)
{
    public const int MostCopies = 20, MostPrinted = 2_000;

    private const int MostShown = 20, MostLooked = 500;

    private const string Columns = "seq, from_post, to_post, way, at, opened_at";

    private const string LatestSql = $"select {Columns} from office.movement where item = @item and seq <= @until order by seq desc limit @most";

    /// <summary>Signs the note, if there is one to sign, and marks the file to a post; further posts get it for information.</summary>
    public Task<Result<Done>> Send(Reach reach, Guid id, long version, string? text, string? cites, string? to, IReadOnlyList<string> copies, string way, CancellationToken ct) => files.Act(reach, id, version, Need.Holds, open => Send(open, text, cites, to, copies, way), ct);

    /// <summary>The same, back to the post that sent it.</summary>
    public Task<Result<Done>> Return(Reach reach, Guid id, long version, string? text, string? cites, CancellationToken ct) => files.Act(reach, id, version, Need.Holds, async open =>
        SentBy(await open.Work.Query<Moved>(LatestSql, new { item = id, until = int.MaxValue, most = MostLooked }), open.File.Holder) is { } sender ? await Send(open, text, cites, sender, [], "returned") : OfficeProblems.NobodySent, ct);

    /// <summary>Who sent it here: what was pulled back was never sent, and a charge that is handed over changes nothing of it.</summary>
    public static string? SentBy(IEnumerable<Moved> latestFirst, string holder)
    {
        var undone = 0;
        foreach (var move in latestFirst)
        {
            if (move.Way == "pulled-back") undone++;
            else if (undone > 0) undone--;
            else if (move.Way != "handed-over" && move.FromPost != holder) return move.FromPost;
        }

        return null;
    }

    public async Task<string?> SentBy(FileRow file, CancellationToken ct) => SentBy(await database.Query<Moved>(LatestSql, new { item = file.Id, until = int.MaxValue, most = MostLooked }, ct), file.Holder);

    private async Task<Problem?> Send(OpenFile open, string? text, string? cites, string? to, IReadOnlyList<string> copies, string way)
    {
        if (Faults(to, copies, open.File.Holder) is { } faults) return faults;
        if (Scope.IsSecret(open.File.Classification) && copies.Prepend(to!).Any(p => !open.File.Scopes.Contains("p:" + p))) return OfficeProblems.NeedToKnow;
        if (!string.IsNullOrWhiteSpace(text) && await notings.Write(open, text, cites, sign: true) is { } refused) return refused;
        if (await Notings.Unsigned(open)) return OfficeProblems.NoteUnsigned;
        await Move(open, to!, way, copies);
        return null;
    }

    /// <summary>The receipt goes to a post; further posts get it for information.</summary>
    public Task<Result<Done>> SendReceipt(Reach reach, Guid id, long version, string? to, CancellationToken ct, IReadOnlyList<string>? informed = null) => receipts.Act(reach, id, version, mustHold: true, async open =>
    {
        var (row, copies) = (open.Receipt, informed ?? []);
        if (Faults(to, copies, row.Holder) is { } faults) return faults;
        await Informing.Inform(open.Work, id, row.Holder, copies, open.At);
        await Record(open.Work, row.Id, "receipt", row.Holder, to!, "sent", reach.Who.Id, open.At);
        open.Say(new OfficeItemMoved(row.Holder, to!, "sent", copies));
        (row.Holder, row.MovedAt) = (to!, open.At);
        row.Scopes = copies.Prepend(to!).Aggregate(row.Scopes, (all, post) => Scope.Join(all, row.Classification, post, posts.Organisation));
        await open.Work.Execute("update office.page set scopes = @marks where item = @id", new { marks = Words.Marks(seals, row.Scopes), id });
        return null;
    }, ct);

    /// <summary>Takes back what one sent, as long as nobody has opened it there.</summary>
    public Task<Result<Done>> PullBack(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.Sees, async open =>
    {
        if (open.File.State != "open") return OfficeProblems.NotOpen;
        var last = await Last(open.Work, id);
        if (last is null || !reach.Acts.ContainsKey(last.FromPost) || last.ToPost != open.File.Holder || !MayPullBack(last)) return OfficeProblems.NotWithYou;
        if (last.OpenedAt is not null) return OfficeProblems.AlreadyOpened;
        await Move(open, last.FromPost, "pulled-back", []);
        return null;
    }, ct);

    /// <summary>A head of the office, or of one above it, takes the file to himself.</summary>
    public Task<Result<Done>> PullUp(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.Sees, async open =>
    {
        if (open.File.State is not ("open" or "put-away")) return OfficeProblems.NotOpen;
        if (reach.Acts.Keys.FirstOrDefault(p => posts.IsSenior(p, open.File.Holder)) is not { } senior) return OfficeProblems.NotSenior;
        (open.File.State, open.File.PutUntil) = ("open", null);
        await Move(open, senior, "pulled-up", []);
        return null;
    }, ct);

    public Task<Result<Done>> PutAway(Reach reach, Guid id, long version, DateOnly? until, DateOnly today, CancellationToken ct) => files.Act(reach, id, version, Need.Holds, open =>
    {
        if (until is null) return Task.FromResult<Problem?>(Problem.Invalid([new Fault("until", "required")]));
        if (until <= today) return Task.FromResult<Problem?>(Problem.Invalid([new Fault("until", "date-too-early", today.AddDays(1))]));
        (open.File.State, open.File.PutUntil) = ("put-away", until);
        open.Say(new FilePutAway(until.Value));
        return Task.FromResult<Problem?>(null);
    }, ct);

    public Task<Result<Done>> TakeUp(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.HoldsAny, open =>
    {
        if (open.File.State != "put-away") return Task.FromResult<Problem?>(OfficeProblems.NotOpen);
        open.TakeUp();
        return Task.FromResult<Problem?>(null);
    }, ct);

    /// <summary>Lets one more post know a secret file.</summary>
    public Task<Result<Done>> Share(Reach reach, Guid id, string? post, CancellationToken ct) => files.Act(reach, id, null, Need.Holds, async open =>
    {
        if (!posts.Exists(post)) return Problem.Invalid([new Fault("share", "not-a-choice")]);
        open.File.Scopes = [.. open.File.Scopes.Union(["p:" + post])];
        await Mark(open);
        open.Say(new KnowledgeShared(post!));
        return null;
    }, ct);

    /// <summary>Everything that lies with a post goes to another.</summary>
    public async Task<Result<int>> HandOver(Reach reach, string from, string? to, CancellationToken ct) => await handing.All(reach, from, to, ct) is var done && done.Ok ? done.Value.Goes : done.Problem!;

    /// <summary>The holder looked into it: it cannot be pulled back any more.</summary>
    public Task Opened(Reach reach, Guid item, string holder, DateTimeOffset at, CancellationToken ct) => reach.Acts.ContainsKey(holder)
        ? database.Execute("update office.movement set opened_at = @at where item = @item and opened_at is null and seq = (select max(seq) from office.movement where item = @item) and to_post = @holder", new { at, item, holder }, ct)
        : database.Execute("update office.copy set seen_at = @at where item = @item and post = any(@Own) and seen_at is null", new { at, item, reach.Own }, ct);

    /// <summary>The last movements, up to one of them.</summary>
    public Task<IReadOnlyList<Moved>> Of(Guid item, int? until, CancellationToken ct, int most = MostShown) => database.Query<Moved>($"""
        select * from ({LatestSql}) m order by seq
        """, new { item, until = until ?? int.MaxValue, most }, ct);

    /// <summary>Only what one sent oneself; what a senior pulled up, or a charge took along, stays where it is.</summary>
    public static bool MayPullBack(Moved last) => last.Way is "sent" or "returned";

    private Problem? Faults(string? to, IReadOnlyList<string> copies, string holder)
    {
        var check = new Check();
        check.That(posts.Exists(to) && to != holder, "to", string.IsNullOrWhiteSpace(to) ? "required" : "not-a-choice");
        check.That(copies.All(posts.Exists) && !copies.Contains(to), "copies", "not-a-choice");
        check.That(copies.Count <= MostCopies, "copies", "too-many", MostCopies);
        return check.Ok ? null : check.ToProblem();
    }

    private async Task Move(OpenFile open, string to, string way, IReadOnlyList<string> copies)
    {
        var file = open.File;
        await Record(open.Work, file.Id, "file", file.Holder, to, way, open.Reach.Who.Id, open.At);
        open.Say(new OfficeItemMoved(file.Holder, to, way, copies));
        var from = file.Holder;
        (file.Holder, file.MovedAt, file.CameAt) = (to, open.At, null);
        var before = file.Scopes.Length;
        foreach (var post in copies.Prepend(to)) file.Scopes = Scope.Join(file.Scopes, file.Classification, post, posts.Organisation);
        if (file.Scopes.Length != before) await Mark(open);
        await Informing.Inform(open.Work, file.Id, from, copies, open.At);
    }

    /// <summary>Whoever sees the file sees the receipts in it.</summary>
    private async Task Mark(OpenFile open)
    {
        await open.Work.Execute("update office.receipt set scopes = (select array_agg(distinct s) from unnest(scopes || @Scopes) s) where file_id = @Id", new { open.File.Scopes, open.File.Id });
        await open.Work.Execute("update office.page set scopes = @marks where item = any(array(select id from office.receipt where file_id = @Id) || @Id)", new { marks = Words.Marks(seals, open.File.Scopes), open.File.Id });
    }

    private static Task Record(Work work, Guid item, string kind, string from, string to, string way, Guid official, DateTimeOffset at) => work.Execute("""
        insert into office.movement (item, seq, kind, from_post, to_post, way, official, at)
        select @item, coalesce(max(seq), 0) + 1, @kind, @from, @to, @way, @official, @at from office.movement where item = @item
        """, new { item, kind, from, to, way, official, at });

    private static Task<Moved?> Last(Work work, Guid item) => work.One<Moved>($"select {Columns} from office.movement where item = @item order by seq desc limit 1", new { item });
}
