using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback;

/// <summary>How often somebody did something in this hour; who it was is kept as a keyed hash only.</summary>
internal sealed class Attempts(Database database, Vault vault, TimeProvider time)
{
    public async Task<bool> Allowed(string what, string who, int perHour, CancellationToken ct) =>
        await database.One<int>("insert into feedback.attempt as a (what, hour, count) values (@what, @hour, 1) on conflict (what, hour) do update set count = a.count + 1 returning count", Args(what, who), ct) <= perHour;

    /// <summary>Whether the hour's share is used up, without using any of it.</summary>
    public async Task<bool> Spent(string what, string who, int perHour, CancellationToken ct) =>
        await database.One<int>("select count from feedback.attempt where what = @what and hour = @hour", Args(what, who), ct) >= perHour;

    private object Args(string what, string who)
    {
        var now = time.GetUtcNow();
        return new { what = vault.BlindIndex("feedback." + what, who), hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero) };
    }
}
