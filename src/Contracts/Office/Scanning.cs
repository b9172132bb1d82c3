namespace Sahulat.Contracts.Office;

/// <summary>Scans from elsewhere than the desk: measurements, and transfers from other systems.</summary>
public interface IScanning
{
    /// <summary>A plan of the post's office with one bundle of files.</summary>
    /// <returns>The plan and its files, in the order given.</returns>
    Task<(Guid Plan, IReadOnlyList<Guid> Items)> Plan(string post, Guid official, string name, string lang, IReadOnlyList<string> numbers, CancellationToken ct);

    /// <summary>Takes a scan in whose pages belong to one file.</summary>
    Task Take(Guid plan, Guid item, byte[] scan, CancellationToken ct);

    /// <summary>Pages put in files, and how many of these are read.</summary>
    Task<(int Kept, int Read)> Count(Guid plan, CancellationToken ct);
}
