using Sahulat.Kernel;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Catalogue;

/// <summary>Stream <c>pack/{id}</c>: a pack of another government was brought in. <paramref name="Digest"/> is that of the file.</summary>
public sealed record PackReceived(string Origin, string Fingerprint, string Digest, IReadOnlyList<string> Items) : IJournalBody
{
    public static string Kind => "catalogue.pack-received";
}

/// <summary>A second person accepted it: these versions count from the day on.</summary>
public sealed record PackAccepted(string Fingerprint, DateOnly From, IReadOnlyList<string> Versions) : IJournalBody
{
    public static string Kind => "catalogue.pack-accepted";
}

public sealed record PackRefused(string Fingerprint) : IJournalBody
{
    public static string Kind => "catalogue.pack-refused";
}

/// <summary>Whose packs are taken in, or no longer.</summary>
public sealed record KeyTrusted(string Fingerprint, bool Trusted) : IJournalBody
{
    public static string Kind => "catalogue.key-trusted";
}

/// <summary>Laws and services as one signed file, for the command line.</summary>
public interface IPackExchange
{
    /// <summary>What is in force today by these codes; with none, everything.</summary>
    Task<Result<byte[]>> Export(IReadOnlyCollection<string> codes, string by, CancellationToken ct);

    /// <summary>What a pack folder holds. Faults of the folder are told in place of the file.</summary>
    Task<(byte[]? File, IReadOnlyList<PackFault> Faults)> ExportFolder(string folder, string by, CancellationToken ct);

    /// <summary>What the file is and what would differ, line by line.</summary>
    Task<Result<IReadOnlyList<string>>> Show(byte[] file, Texts t, CancellationToken ct);

    /// <summary>Puts it before the administrators, one of whom accepts it.</summary>
    Task<Result<Guid>> Receive(byte[] file, Actor by, Guid? receiver, CancellationToken ct);
}
