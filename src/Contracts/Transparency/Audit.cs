namespace Sahulat.Contracts.Transparency;

/// <summary>Checks a whole journal: every stream's chain, the tree over all entries, every checkpoint's root and signature.</summary>
public interface IJournalAudit
{
    Task<AuditReport> Run(IProgress<double> progress, CancellationToken ct);

    /// <summary>Writes the journal, its leaves and checkpoints as lines of JSON, for a check elsewhere.</summary>
    /// <returns>How many entries were written.</returns>
    Task<long> Export(Stream to, IProgress<double> progress, CancellationToken ct);

    /// <param name="key">The log's key as C2SP signed-note writes it, from a source other than the export.</param>
    Task<AuditReport> Run(Stream export, string key, CancellationToken ct);
}

/// <param name="Entries">How many were read.</param>
/// <param name="Leaves">Entries that the tree holds; the newest may not be in it yet.</param>
/// <param name="Fault">The first that is wrong, by its place in the journal; null when all is whole.</param>
public sealed record AuditReport(long Entries, long Streams, long Leaves, long Checkpoints, AuditFault? Fault);

/// <param name="What">What does not fit, in English: for the person at the terminal.</param>
public sealed record AuditFault(long? Position, string? Stream, long? Version, string What);
