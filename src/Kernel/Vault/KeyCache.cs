using System.Collections.Concurrent;

namespace Sahulat.Kernel.Vault;

/// <summary>Unwrapped keys for a few seconds. A key that may not be committed, or whose person was erased here, is never in it.</summary>
internal sealed class KeyCache(TimeProvider time)
{
    /// <summary>How long another node may still open what was erased here.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private const int Most = 20_000;

    private readonly ConcurrentDictionary<(Guid Subject, string Retention), (SubjectKey Key, long Since)> keys = new();
    private readonly ConcurrentDictionary<Guid, byte> erased = new();
    private int added;

    public SubjectKey? Find(Guid subject, string retention)
    {
        if (!keys.TryGetValue((subject, retention), out var entry)) return null;
        if (time.GetElapsedTime(entry.Since) < Lifetime && !erased.ContainsKey(subject)) return entry.Key;
        keys.TryRemove((subject, retention), out _);
        return null;
    }

    public void Add(SubjectKey key)
    {
        if (erased.ContainsKey(key.Subject)) return;
        // Counted here: the dictionary's own count stops all who use it.
        if (Interlocked.Increment(ref added) > Most)
        {
            keys.Clear();
            Interlocked.Exchange(ref added, 0);
        }

        keys[(key.Subject, key.Retention)] = (key, time.GetTimestamp());
    }

    /// <summary>The erasure may still roll back: then the key is merely read from the database each time.</summary>
    public void Erase(Guid subject) => erased[subject] = 0;
}
