using System.Text;
using Npgsql;
using NpgsqlTypes;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Access.Citizens;

internal sealed class CitizenRegister(Database database, Vault vault) : ICitizens
{
    private const string Retention = "contact";

    public async Task<IReadOnlyDictionary<string, Guid>> Resolve(Work work, IReadOnlyCollection<string> mobiles)
    {
        var byIndex = mobiles.Distinct().ToDictionary(m => Convert.ToHexString(Index(m)), m => m);
        var found = await Find(work, byIndex);
        var missing = byIndex.Values.Where(m => !found.ContainsKey(m)).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length == 0) return found;
        var ids = missing.Select(_ => Guid.CreateVersion7()).ToArray();
        var keys = await vault.Keys(work, ids, Retention);
        var inserted = await work.Execute("insert into access.citizen (id, mobile_index, mobile) select * from unnest(@ids, @indexes, @sealed) on conflict (mobile_index) do nothing", new
        {
            ids,
            indexes = missing.Select(Index).ToArray(),
            @sealed = missing.Select((m, i) => vault.Seal(keys[ids[i]], Encoding.ASCII.GetBytes(m), Context(ids[i]))).ToArray(),
        });
        // Another node made one of them at the same moment: its id stands.
        if (inserted < missing.Length) return await Find(work, byIndex);
        for (var i = 0; i < missing.Length; i++) found[missing[i]] = ids[i];
        return found;
    }

    public async Task<Guid?> Find(string mobile, CancellationToken ct) =>
        await database.One<Guid?>("select id from access.citizen where mobile_index = @index", new { index = Index(mobile) }, ct);

    public async Task<string?> Mobile(Guid citizen, CancellationToken ct)
    {
        var sealedMobile = await database.One<byte[]>("select mobile from access.citizen where id = @citizen", new { citizen }, ct);
        if (sealedMobile is null) return null;
        var plain = await vault.Open(citizen, Retention, sealedMobile, Context(citizen), ct);
        return plain is null ? null : Encoding.ASCII.GetString(plain);
    }

    public async Task<IReadOnlyDictionary<Guid, string>> Mobiles(IReadOnlyCollection<Guid> citizens, CancellationToken ct)
    {
        var rows = await database.Query<(Guid Id, byte[] Mobile)>("select id, mobile from access.citizen where id = any(@ids)", new { ids = citizens.Distinct().ToArray() }, ct);
        var keys = await vault.Keys([.. rows.Select(r => r.Id)], Retention, ct);
        return rows.Where(r => keys.ContainsKey(r.Id)).ToDictionary(r => r.Id, r => Encoding.ASCII.GetString(vault.Open(keys[r.Id], r.Mobile, Context(r.Id))));
    }

    private static string Context(Guid id) => $"access.citizen/{id:N}/mobile";

    private static async Task<Dictionary<string, Guid>> Find(Work work, Dictionary<string, string> byIndex)
    {
        await using var command = work.Command("select mobile_index, id from access.citizen where mobile_index = any($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = byIndex.Keys.Select(Convert.FromHexString).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(work.Cancelled);
        while (await reader.ReadAsync(work.Cancelled)) found[byIndex[Convert.ToHexString((byte[])reader[0])]] = reader.GetGuid(1);
        return found;
    }

    private byte[] Index(string mobile) => vault.BlindIndex("mobile", mobile);
}
