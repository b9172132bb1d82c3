using System.Security.Cryptography;
using System.Text;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Kernel.Vault;

/// <summary>Seals personal data under a key per person and retention class. Destroying a person's keys erases what was sealed, wherever copies of it lie.</summary>
public sealed class Vault(Database database, MasterKeys masters, TimeProvider time)
{
    private readonly KeyCache cache = new(time);

    /// <summary>The person's key; made when there is none yet.</summary>
    /// <param name="retention">The class of data that is kept equally long, as <c>case</c>.</param>
    /// <exception cref="SubjectErasedException">The person's keys were destroyed.</exception>
    public async Task<SubjectKey> Key(Work work, Guid subject, string retention) => (await Keys(work, [subject], retention))[subject];

    /// <summary>The keys of many persons in one statement, two when some are new.</summary>
    /// <inheritdoc cref="Key"/>
    public async Task<IReadOnlyDictionary<Guid, SubjectKey>> Keys(Work work, IReadOnlyCollection<Guid> subjects, string retention)
    {
        var found = new Dictionary<Guid, SubjectKey>(subjects.Count);
        var unknown = Cached(subjects, retention, found);
        if (unknown.Count == 0) return found;
        Take(await KeyRows.Select(work.Connection, work.Transaction, unknown, retention, work.Cancelled), found);
        unknown.ExceptWith(found.Keys);
        if (unknown.Count == 0) return found;
        KeyRow[] made = [.. unknown.Select(subject => masters.Wrapped(new SubjectKey(subject, retention, RandomNumberGenerator.GetBytes(32))))];
        // Another node may have been quicker: what the table holds counts.
        var held = await KeyRows.Insert(work, made, retention);
        Take(held, found);
        // A rotation may have begun after the wrapping and be past these rows; it waits for this transaction before it drops a master key.
        if (made[0].Master != masters.CurrentId) await KeyRows.Rewrap(work, [.. found.Values.Where(k => unknown.Contains(k.Subject)).Select(masters.Wrapped)]);
        return found;
    }

    /// <summary>The keys of those who have one, to open what is sealed; on a connection of its own. Erased persons are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, SubjectKey>> Keys(IReadOnlyCollection<Guid> subjects, string retention, CancellationToken ct = default)
    {
        var found = new Dictionary<Guid, SubjectKey>(subjects.Count);
        var unknown = Cached(subjects, retention, found);
        if (unknown.Count == 0) return found;
        await using var connection = await database.Open(ct);
        var rows = await KeyRows.Select(connection, null, unknown, retention, ct);
        Take([.. rows.Where(r => !r.IsErased)], found);
        return found;
    }

    /// <param name="context">The identity of the row, as <c>cases.case/{id}/form</c>: sealed bytes copied to another row do not open.</param>
    public byte[] Seal(SubjectKey key, ReadOnlySpan<byte> plain, string context) => Sealing.Seal(key.Key, plain, context);

    /// <exception cref="CryptographicException">Another key, another context, or changed bytes.</exception>
    public byte[] Open(SubjectKey key, ReadOnlySpan<byte> sealedBytes, string context) => Sealing.Open(key.Key, sealedBytes, context);

    /// <summary>Finds the key on a connection of its own, and opens.</summary>
    /// <returns>Null when the person was erased.</returns>
    /// <exception cref="CryptographicException">Another context, or changed bytes.</exception>
    public async Task<byte[]?> Open(Guid subject, string retention, byte[] sealedBytes, string context, CancellationToken ct) =>
        (await Keys([subject], retention, ct)).TryGetValue(subject, out var key) ? Open(key, sealedBytes, context) : null;

    /// <summary>32 bytes that every node derives alike from the key file and that outlive a rotation (HKDF-SHA256, RFC 5869).</summary>
    /// <param name="purpose">Permanent, as <c>transparency.log</c>.</param>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, masters.Lookup, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>A keyed hash (HMAC-SHA256) to look a value up by. The same value gives different hashes in different fields.</summary>
    /// <param name="field">As <c>access.citizen/mobile</c>.</param>
    /// <param name="value">In the one form in which it is always hashed: the caller normalises.</param>
    public byte[] BlindIndex(string field, string value)
    {
        var name = Encoding.UTF8.GetBytes(field);
        var content = new byte[4 + name.Length + Encoding.UTF8.GetByteCount(value)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(content, name.Length);
        name.CopyTo(content, 4);
        Encoding.UTF8.GetBytes(value, content.AsSpan(4 + name.Length));
        return HMACSHA256.HashData(masters.Lookup, content);
    }

    /// <summary>Destroys all the person's keys, leaves a tombstone and journals it on <c>subject/{id}</c>. A second time does nothing.</summary>
    public async Task Erase(Work work, Guid subject, Actor? actor = null)
    {
        cache.Erase(subject);
        var destroyed = await KeyRows.Erase(work, subject, time.GetUtcNow());
        if (destroyed is not { } keys) return;
        await work.Append($"subject/{subject:N}", null, new SubjectErased(keys), actor ?? Actor.Sahulat("vault"), time.GetUtcNow());
    }

    private HashSet<Guid> Cached(IReadOnlyCollection<Guid> subjects, string retention, Dictionary<Guid, SubjectKey> found)
    {
        var unknown = new HashSet<Guid>();
        foreach (var subject in subjects)
        {
            if (cache.Find(subject, retention) is { } key) found[subject] = key;
            else unknown.Add(subject);
        }

        return unknown;
    }

    private void Take(IReadOnlyList<KeyRow> rows, Dictionary<Guid, SubjectKey> found)
    {
        foreach (var row in rows)
        {
            if (row.IsErased) throw new SubjectErasedException(row.Subject);
            var key = masters.Unwrap(row.Subject, row.Retention, row.Master, row.Wrapped);
            found[row.Subject] = key;
            if (row.IsCommitted) cache.Add(key);
        }
    }
}

/// <summary>All keys of a person were destroyed.</summary>
public sealed record SubjectErased(int Keys) : IJournalBody
{
    public static string Kind => "vault.erased";
}
