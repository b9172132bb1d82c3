namespace Sahulat.Contracts.Transparency;

/// <summary>Shows that an entry of the journal is in the public log.</summary>
public interface IReceipts
{
    /// <summary>The proof of one entry against the newest checkpoint; null while the log has not taken the entry yet, or when there is none such.</summary>
    /// <param name="stream">As <c>case/{id:N}</c>.</param>
    Task<InclusionReceipt?> Prove(string stream, long version, CancellationToken ct);
}

/// <summary>Everything that is needed to check the entry without this program's help: its text, what it chains to, and the proof in the form of C2SP tlog-proof, whose leaf is the entry's digest.</summary>
/// <param name="Previous">Hex: the digest of the stream's entry before, or zeros.</param>
/// <param name="At">As it goes into the digest: microseconds since 1970, UTC.</param>
/// <param name="Body">Canonical JSON.</param>
/// <param name="Digest">Hex.</param>
/// <param name="Key">The log's key, as C2SP signed-note writes it.</param>
public sealed record InclusionReceipt(string Stream, long Version, string Kind, long At, string Actor, string Body, string Previous, string Digest, string Proof, string Key);
