using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases;

/// <summary>The days on which a case's clock stood.</summary>
internal static class Pauses
{
    public static async Task<IReadOnlyList<Pause>> Of(Database database, Guid id, CancellationToken ct) =>
        [.. (await database.Query<(DateOnly From, DateOnly? Until)>("select paused_from, paused_until from cases.pause where case_id = @id order by 1", new { id }, ct)).Select(p => new Pause(p.From, p.Until))];
}
