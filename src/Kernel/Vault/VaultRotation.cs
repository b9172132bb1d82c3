using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Kernel.Vault;

/// <summary>Puts every subject key under a new master key, while nodes serve. Sealed data stays as it is.</summary>
public static class VaultRotation
{
    private const int Batch = 500;
    private const string Guard = "pg_try_advisory_lock(hashtextextended('vault.rotation', 0))";

    /// <summary>Takes up an interrupted rotation where it stopped. The old master key leaves the keyring when nothing is wrapped by it any more.</summary>
    /// <returns>How many keys were rewrapped.</returns>
    /// <exception cref="SetupException">Another rotation is running.</exception>
    public static async Task<int> Run(Database owner, MasterKeys masters, IProgress<double> progress, CancellationToken ct, TimeProvider? time = null)
    {
        await using var guard = await owner.Open(ct);
        await using (var take = new Npgsql.NpgsqlCommand($"select {Guard}", guard))
            if (await take.ExecuteScalarAsync(ct) is not true) throw new SetupException("Another rotation of the master keys is running.");
        try
        {
            var current = masters.Ids.Count == 1 ? masters.Add() : masters.CurrentId;
            var done = 0;
            var left = await owner.One<int>("select count(*) from vault.subject_key where master <> @current", new { current }, ct);
            do
            {
                int step;
                var total = done + left;
                while ((step = await owner.Write(work => Rewrap(work, masters, current), ct)) > 0)
                {
                    done += step;
                    progress.Report(Math.Min(1, (double)done / Math.Max(total, 1)));
                }
            }
            while ((left = await owner.Write(work => Finish(work, masters, current, done, time ?? TimeProvider.System), ct)) > 0);
            progress.Report(1);
            return done;
        }
        finally
        {
            await using var release = new Npgsql.NpgsqlCommand("select pg_advisory_unlock(hashtextextended('vault.rotation', 0))", guard);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static async Task<int> Rewrap(Work work, MasterKeys masters, string current)
    {
        var rows = await work.Query<(Guid Subject, string Retention, string Master, byte[] Wrapped)>(
            "select subject, retention, master, wrapped from vault.subject_key where master <> @current limit @Batch for update", new { current, Batch });
        if (rows.Count > 0) await KeyRows.Rewrap(work, [.. rows.Select(r => masters.Wrapped(masters.Unwrap(r.Subject, r.Retention, r.Master, r.Wrapped)))]);
        return rows.Count;
    }

    /// <summary>Waits for every transaction that may be storing a key, and drops the old master key only when none came in under it.</summary>
    private static async Task<int> Finish(Work work, MasterKeys masters, string current, int rewrapped, TimeProvider time)
    {
        await work.Execute("lock table vault.subject_key in share mode");
        var left = await work.One<int>("select count(*) from vault.subject_key where master <> @current", new { current });
        if (left > 0) return left;
        masters.RemoveOld();
        await work.Append("vault/masters", null, new MastersRotated(current, rewrapped), Actor.Sahulat("vault"), time.GetUtcNow());
        return 0;
    }
}

/// <summary>Every subject key is wrapped by the master key named.</summary>
public sealed record MastersRotated(string Master, int Keys) : IJournalBody
{
    public static string Kind => "vault.rotated";
}
