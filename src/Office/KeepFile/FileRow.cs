using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Office.KeepFile;

/// <summary>A file as its row stands.</summary>
internal sealed class FileRow
{
    public const string Columns = "id, office, number, volume, part, main, classification, urgency, state, holder, put_until, retention, opened_on, opened_by, closed_on, weed_on, review_on, subject, scopes, notes, pages, moved_at, came_at, version";

    public Guid Id { get; init; }

    public string Office { get; init; } = "";

    public string Number { get; init; } = "";

    public int Volume { get; init; } = 1;

    public int Part { get; init; }

    public Guid? Main { get; init; }

    public string Classification { get; set; } = "";

    public string Urgency { get; set; } = "";

    /// <summary>open, put-away, closed, recorded, transferred or weeded.</summary>
    public string State { get; set; } = "";

    public string Holder { get; set; } = "";

    public DateOnly? PutUntil { get; set; }

    public string? Retention { get; set; }

    public DateOnly OpenedOn { get; init; }

    public string OpenedBy { get; init; } = "";

    public DateOnly? ClosedOn { get; set; }

    public DateOnly? WeedOn { get; set; }

    /// <summary>When it is looked at again: due, or 25 years old.</summary>
    public DateOnly? ReviewOn { get; set; }

    public byte[] Subject { get; init; } = [];

    public string[] Scopes { get; set; } = [];

    public int Notes { get; set; }

    public int Pages { get; set; }

    public DateTimeOffset MovedAt { get; set; }

    /// <summary>When it came to the post, where <see cref="MovedAt"/> was touched since.</summary>
    public DateTimeOffset? CameAt { get; set; }

    public long Version { get; init; }

    public string Stream => StreamOf(Id);

    /// <summary>Open, or put away until a day that has come.</summary>
    public bool IsOpen(DateOnly today) => State == "open" || IsBack(today);

    public bool IsBack(DateOnly today) => State == "put-away" && PutUntil <= today;

    public string Shown => Number + (Volume > 1 ? $" Vol. {Volume}" : "") + (Part > 0 ? $" Part {Part}" : "");

    public static string StreamOf(Guid id) => $"file/{id:N}";

    public static string SubjectContext(Guid id) => $"office.file/{id:N}/subject";
}

/// <summary>A file in a transaction, with the entries that say what was done to it.</summary>
internal sealed class OpenFile(Work work, FileRow row, Reach reach, string post, DateTimeOffset at)
{
    private readonly List<Append> said = [];

    private readonly (string, string) lay = (row.Holder, row.State);

    public Work Work => work;

    public FileRow File => row;

    public Reach Reach => reach;

    /// <summary>The post for which the official acts.</summary>
    public string Post => post;

    public DateTimeOffset At => at;

    public Actor Actor => reach.As(post);

    public void Say<T>(T body) where T : class, IJournalBody => said.Add(Append.To(row.Stream, row.Version + said.Count, body, Actor, at));

    /// <summary>Open again, at the post where it lay.</summary>
    public void TakeUp()
    {
        (row.State, row.PutUntil, row.CameAt, row.MovedAt) = ("open", null, row.CameAt ?? row.MovedAt, at);
        Say(new FileTakenUp(Ist.DateIn(at)));
    }

    public async Task Save()
    {
        await work.Append(said);
        var rows = await work.Execute("""
            update office.file set urgency = @Urgency, classification = @Classification, state = @State, holder = @Holder, put_until = @PutUntil, retention = @Retention, closed_on = @ClosedOn, weed_on = @WeedOn, review_on = @ReviewOn, scopes = @Scopes, notes = @Notes, pages = @Pages, moved_at = @MovedAt, came_at = @CameAt, version = @now
            where id = @Id and version = @was
            """, new { row.Urgency, row.Classification, row.State, row.Holder, row.PutUntil, row.Retention, row.ClosedOn, row.WeedOn, row.ReviewOn, row.Scopes, row.Notes, row.Pages, row.MovedAt, row.CameAt, now = row.Version + said.Count, row.Id, was = row.Version });
        if (rows == 0) throw new JournalConflictException(row.Stream);
        // Its drafts wait where it lies.
        if (lay != (row.Holder, row.State)) await work.Execute("update office.draft set holder = @holder, came_at = @at where file_id = @Id and state <> 'dispatched'", new { holder = row.State == "open" ? row.Holder : null, at, row.Id });
    }
}

internal enum Need
{
    /// <summary>The file lies with one of the official's posts and is open.</summary>
    Holds,

    /// <summary>The file lies with one of his posts, in any state.</summary>
    HoldsAny,

    /// <summary>He may see it.</summary>
    Sees,
}

/// <summary>The only way in which a file changes: load, look whether he may, act, save with the journal.</summary>
internal sealed class Files(Database database, OfficePosts posts, TimeProvider time)
{
    public async Task<Result<Done>> Act(Reach reach, Guid id, long? version, Need need, Func<OpenFile, Task<Problem?>> act, CancellationToken ct)
    {
        try
        {
            return await database.Write(work => Act(work, reach, id, version, need, act), ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }

    /// <summary>Within the transaction of a larger act.</summary>
    public async Task<Result<Done>> Act(Work work, Reach reach, Guid id, long? version, Need need, Func<OpenFile, Task<Problem?>> act)
    {
        var row = await work.One<FileRow>($"select {FileRow.Columns} from office.file where id = @id for update", new { id });
        if (row is null || !reach.Sees(row.Scopes)) return Problem.NotFound;
        if (version is { } seen && seen != row.Version) return Problem.Conflict;
        var mine = reach.Acts.ContainsKey(row.Holder);
        if (need != Need.Sees && !mine) return OfficeProblems.NotWithYou;
        var at = time.GetUtcNow();
        if (need == Need.Holds && !row.IsOpen(Ist.DateIn(at))) return OfficeProblems.NotOpen;
        var post = mine ? row.Holder : reach.Acts.Keys.FirstOrDefault(p => posts.IsSenior(p, row.Holder)) ?? reach.Acts.Keys.First();
        var open = new OpenFile(work, row, reach, post, at);
        if (need == Need.Holds && row.State == "put-away") open.TakeUp();
        if (await act(open) is { } problem) return problem;
        await open.Save();
        return Done.It;
    }

    public async Task<FileRow?> Find(Reach reach, Guid id, CancellationToken ct) =>
        await database.One<FileRow>($"select {FileRow.Columns} from office.file where id = @id", new { id }, ct) is { } row && reach.Sees(row.Scopes) ? row : null;

    /// <summary>Whether whoever holds it may go on with it today.</summary>
    public bool Works(FileRow row) => row.IsOpen(Ist.Today(time));
}
