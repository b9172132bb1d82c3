using System.Collections.Frozen;
using Sahulat.Kernel.Data;

namespace Sahulat.Access.Provision;

/// <summary>Officials whose accounts are deactivated: asked at every request of a signed-in official, so they are held in memory and read again every two seconds.</summary>
internal sealed class Barred(Database database, TimeProvider time)
{
    /// <summary>How long a deactivation may take to reach another node.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim reading = new(1);
    private Known known = new(FrozenSet<Guid>.Empty, null);

    private sealed record Known(FrozenSet<Guid> Officials, long? At);

    public async ValueTask<bool> Holds(Guid official, CancellationToken ct)
    {
        var held = known;
        if (held.At is { } at && time.GetElapsedTime(at) < Fresh) return held.Officials.Contains(official);
        await reading.WaitAsync(ct);
        try
        {
            if (known.At is null || time.GetElapsedTime(known.At.Value) >= Fresh) await Read(ct);
            return known.Officials.Contains(official);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>On this node at once.</summary>
    public async Task Read(CancellationToken ct)
    {
        var at = time.GetTimestamp();
        known = new Known((await database.Query<Guid>("select \"Id\" from access.official where not \"Active\"", ct: ct)).ToFrozenSet(), at);
    }
}
