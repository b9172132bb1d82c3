using System.Globalization;
using Sahulat.Kernel.Vault;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Await;

/// <param name="Id">By it lists of one moment are sorted.</param>
/// <param name="Kind">case, receipt, file or draft.</param>
/// <param name="Path">Of its page.</param>
/// <param name="State">Of a draft: what is to be done with it.</param>
/// <param name="Away">The day until which a file was put away.</param>
/// <param name="Version">Of a file or receipt, as it is shown.</param>
internal sealed record ItemShown(string Id, string Kind, string Path, string Number, string Subject, string Urgency, string Classification, string From, string With, DateTimeOffset At, DateOnly? Due, DateOnly? Away, string? State, bool Unopened, long Version)
{
    /// <summary>What a ticked row sends; null for what is not done to many at once.</summary>
    public string? Ticked => Kind is "file" or "receipt" ? string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Id}:{Version}") : null;
}

/// <summary>A file, receipt or draft of a list, its subject still sealed.</summary>
internal sealed class ItemRow
{
    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public string Number { get; init; } = "";

    public int Volume { get; init; }

    public int Part { get; init; }

    public string Urgency { get; init; } = "";

    public string Classification { get; init; } = "";

    public byte[] Sealed { get; init; } = [];

    public string? FromPost { get; init; }

    public string WithPost { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public DateOnly? Due { get; init; }

    public DateOnly? Away { get; init; }

    public bool Unopened { get; init; }

    public long Version { get; init; }

    /// <summary>Of a draft: its form and state.</summary>
    public string? Form { get; init; }

    public string? State { get; init; }

    /// <summary>The file of a draft.</summary>
    public Guid? FileId { get; init; }

    /// <summary>Under whose key the subject is sealed.</summary>
    public Guid Subject => FileId ?? Id;
}

internal static class Items
{
    public const string FileColumns = "f.id, 'file' as kind, f.number, f.volume, f.part, f.urgency, f.classification, f.subject as sealed, f.holder as with_post, f.version";

    public const string ReceiptColumns = "r.id, 'receipt' as kind, r.number, 1 as volume, 0 as part, r.urgency, r.classification, r.details as sealed, r.holder as with_post, r.version";

    public static async Task<IReadOnlyList<ItemShown>> Shown(this Seals seals, IReadOnlyList<ItemRow> rows, CancellationToken ct)
    {
        var keys = await seals.Keys(rows.Select(r => r.Subject), ct);
        return [.. rows.Select(r => new ItemShown($"{r.Id:N}", r.Kind, $"/desk/office/{r.Kind}s/{r.Id:N}", r.Number + (r.Volume > 1 ? $" Vol. {r.Volume}" : "") + (r.Part > 0 ? $" Part {r.Part}" : ""),
            keys.TryGetValue(r.Subject, out var key) ? Subject(seals, r, key) : "", r.Urgency, r.Classification, r.FromPost ?? "", r.WithPost, r.At, r.Due, r.Away, r.Form is null ? null : $"{r.Form}.{r.State}", r.Unopened, r.Version))];
    }

    private static string Subject(Seals seals, ItemRow row, SubjectKey key) => row.Kind == "receipt"
        ? seals.Open<ReceiptDetails>(key, row.Sealed, ReceiptRow.DetailsContext(row.Id)) is var d ? $"{d.Subject} · {d.Sender}" : ""
        : seals.Open(key, row.Sealed, FileRow.SubjectContext(row.Subject));
}
