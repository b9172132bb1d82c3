using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases;

/// <summary>How often an address did something in this hour; addresses are kept as keyed hashes only.</summary>
internal sealed class Attempts(Database database, Vault vault, TimeProvider time)
{
    public async Task<bool> Allowed(string what, string address, int perHour, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var count = await database.One<int>("insert into cases.attempt as a (what, hour, count) values (@what, @hour, 1) on conflict (what, hour) do update set count = a.count + 1 returning count", new { what = vault.BlindIndex(what, address), hour }, ct);
        return count <= perHour;
    }
}
