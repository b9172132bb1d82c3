using System.Globalization;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Transparency;

/// <summary>The check of a receipt, from itself and the log's key alone.</summary>
public static class ReceiptCheck
{
    /// <returns>What does not fit; null when the receipt is good.</returns>
    public static string? Fault(InclusionReceipt receipt, LogKey key)
    {
        byte[] digest, previous;
        try
        {
            (digest, previous) = (Convert.FromHexString(receipt.Digest ?? ""), Convert.FromHexString(receipt.Previous ?? ""));
        }
        catch (FormatException)
        {
            return "its digests are not hexadecimal";
        }

        if (receipt is not { Stream: not null, Kind: not null, Actor: not null, Body: not null, Proof: not null } || previous.Length != 32 || Math.Abs(receipt.At) > 250_000_000_000_000_000) return "it is not whole";
        var at = DateTimeOffset.UnixEpoch.AddTicks(receipt.At * 10);
        if (!Chain.Digest(previous, receipt.Stream, receipt.Version, receipt.Kind, at, receipt.Actor, receipt.Body).AsSpan().SequenceEqual(digest)) return "the entry was changed: it does not give its digest";
        if (InclusionProof.Parse(receipt.Proof) is not { } proof) return "its proof is not one of this kind";
        return proof.Proves(digest, key) is null ? string.Create(CultureInfo.InvariantCulture, $"the proof does not lead from entry {proof.Leaf} to a checkpoint signed by {key.Name}") : null;
    }
}
