using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.Dispatch;

/// <summary>Where a letter went, beside the addressee that it names; sealed with the file.</summary>
/// <param name="Citizen">The applicant, whose number is asked for when the message is written.</param>
/// <param name="Hand">Who took it.</param>
internal sealed record Recipient(string? Mobile = null, string? Email = null, Guid? Citizen = null, string? Hand = null)
{
    public string? Shown => Mobile ?? Email ?? Hand;
}

internal sealed class DispatchRow
{
    public const string Columns = "id, draft_id, file_id, office, number, way, to_office, addressee, recipient, register, case_reference, delivery, channel, reason, told_at, link_until, instead_of, at, exists (select from office.dispatch n where n.instead_of = dispatch.id) as again";

    public Guid Id { get; init; }

    public Guid DraftId { get; init; }

    public Guid FileId { get; init; }

    public string Office { get; init; } = "";

    public string Number { get; init; } = "";

    public string Way { get; init; } = "";

    public string? ToOffice { get; init; }

    public byte[] Addressee { get; init; } = [];

    public byte[]? Recipient { get; init; }

    public string? Register { get; init; }

    public string? CaseReference { get; init; }

    /// <summary>waiting, sent, delivered or failed; null where nobody tells.</summary>
    public string? Delivery { get; init; }

    public string? Channel { get; init; }

    /// <summary>Why it failed, as a code.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? ToldAt { get; init; }

    public DateTimeOffset? LinkUntil { get; init; }

    public Guid? InsteadOf { get; init; }

    /// <summary>Did not arrive and was sent again another way.</summary>
    public bool Again { get; init; }

    public DateTimeOffset At { get; init; }

    public static string AddresseeContext(Guid id) => $"office.dispatch/{id:N}";

    public static string RecipientContext(Guid id) => $"office.dispatch/{id:N}/recipient";
}

/// <param name="To">As the letter names it, and where it went; empty when the file is weeded.</param>
internal sealed record Sent(DispatchRow Row, string To, Recipient? Recipient)
{
    public DateOnly On => Ist.DateIn(Row.At);
}

/// <summary>How a letter went out, each time, and what became of it.</summary>
internal sealed class Deliveries(Database database, Seals seals)
{
    /// <summary>States in the order in which they may follow each other: what was delivered stays so, whatever is told later.</summary>
    public static readonly IReadOnlyList<string> States = ["waiting", "sent", "failed", "delivered"];

    /// <summary>Every time that a draft was sent, first the one that nothing was sent instead of.</summary>
    public async Task<IReadOnlyList<Sent>> Of(Guid draft, CancellationToken ct) =>
        await Opened(await database.Query<DispatchRow>($"select {DispatchRow.Columns} from office.dispatch where draft_id = @draft order by again, at desc, id desc", new { draft }, ct), ct);

    public async Task<IReadOnlyList<Sent>> Opened(IReadOnlyList<DispatchRow> rows, CancellationToken ct)
    {
        var keys = await seals.Keys(rows.Select(r => r.FileId), ct);
        return [.. rows.Select(r => !keys.TryGetValue(r.FileId, out var key)
            ? new Sent(r, "", null)
            : new Sent(r, seals.Open(key, r.Addressee, DispatchRow.AddresseeContext(r.Id)), r.Recipient is null ? null : seals.Open<Recipient>(key, r.Recipient, DispatchRow.RecipientContext(r.Id))))];
    }
}
