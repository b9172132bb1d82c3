using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Office.Receive;

/// <summary>What a letter says of itself; sealed.</summary>
internal sealed record ReceiptDetails(string Sender, string? Address, string? Mobile, string Subject, string? TheirNumber, DateOnly? Dated)
{
    public string? Email { get; init; }

    /// <summary>Of a mail: what came with it and could not be taken in.</summary>
    public IReadOnlyList<LeftOut>? LeftOut { get; init; }
}

/// <param name="Why">A fault's code.</param>
internal sealed record LeftOut(string Name, string Why);

internal sealed class ReceiptRow
{
    public const string Columns = "id, office, number, mode, lang, classification, urgency, state, holder, received_on, reply_by, acknowledged_on, acknowledgement, acknowledgement_reason, file_id, case_reference, duplicate_of, details, scopes, moved_at, version";

    public Guid Id { get; init; }

    public string Office { get; init; } = "";

    public string Number { get; init; } = "";

    public string Mode { get; init; } = "";

    public string Lang { get; init; } = "";

    public string Classification { get; set; } = "";

    public string Urgency { get; set; } = "";

    /// <summary>open, in-file or closed.</summary>
    public string State { get; set; } = "";

    public string Holder { get; set; } = "";

    public DateOnly ReceivedOn { get; init; }

    public DateOnly? ReplyBy { get; init; }

    public DateOnly? AcknowledgedOn { get; set; }

    /// <summary>What became of telling the sender: waiting, sent, delivered or failed; null where nobody was told.</summary>
    public string? Acknowledgement { get; init; }

    public string? AcknowledgementReason { get; init; }

    public Guid? FileId { get; set; }

    public string? CaseReference { get; init; }

    public Guid? DuplicateOf { get; init; }

    public byte[] Details { get; init; } = [];

    public string[] Scopes { get; set; } = [];

    public DateTimeOffset MovedAt { get; set; }

    public long Version { get; init; }

    public string Stream => StreamOf(Id);

    public static string StreamOf(Guid id) => $"receipt/{id:N}";

    public static string DetailsContext(Guid id) => $"office.receipt/{id:N}/details";
}

/// <summary>A receipt in a transaction, with the entries that say what was done to it.</summary>
internal sealed class OpenReceipt(Work work, ReceiptRow row, Reach reach, string post, DateTimeOffset at)
{
    private readonly List<Append> said = [];

    public Work Work => work;

    public ReceiptRow Receipt => row;

    public Reach Reach => reach;

    public string Post => post;

    public DateTimeOffset At => at;

    public void Say<T>(T body) where T : class, IJournalBody => said.Add(Append.To(row.Stream, row.Version + said.Count, body, reach.As(post), at));

    public async Task Save()
    {
        await work.Append(said);
        var rows = await work.Execute("""
            update office.receipt set urgency = @Urgency, classification = @Classification, state = @State, holder = @Holder, acknowledged_on = @AcknowledgedOn, file_id = @FileId, scopes = @Scopes, moved_at = @MovedAt, version = @now where id = @Id and version = @was
            """, new { row.Urgency, row.Classification, row.State, row.Holder, row.AcknowledgedOn, row.FileId, row.Scopes, row.MovedAt, now = row.Version + said.Count, row.Id, was = row.Version });
        if (rows == 0) throw new JournalConflictException(row.Stream);
    }
}

/// <summary>The only way in which a receipt changes.</summary>
internal sealed class ReceiptStore(Database database, TimeProvider time)
{
    public async Task<Result<Done>> Act(Reach reach, Guid id, long? version, bool mustHold, Func<OpenReceipt, Task<Problem?>> act, CancellationToken ct)
    {
        try
        {
            return await database.Write<Result<Done>>(async work =>
            {
                var row = await work.One<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = @id for update", new { id });
                if (row is null || !reach.Sees(row.Scopes)) return Problem.NotFound;
                if (version is { } seen && seen != row.Version) return Problem.Conflict;
                var mine = reach.Acts.ContainsKey(row.Holder);
                if (mustHold && !mine) return OfficeProblems.NotWithYou;
                if (mustHold && row.State != "open") return OfficeProblems.NotOpen;
                var open = new OpenReceipt(work, row, reach, mine ? row.Holder : reach.Acts.Keys.First(), time.GetUtcNow());
                if (await act(open) is { } problem) return problem;
                await open.Save();
                return Done.It;
            }, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }

    public async Task<ReceiptRow?> Find(Reach reach, Guid id, CancellationToken ct) =>
        await database.One<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = @id", new { id }, ct) is { } row && reach.Sees(row.Scopes) ? row : null;
}
