using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases;

/// <summary>The days on which a case's clock stood.</summary>
internal static class Pauses
{
    private const string Sql = "select paused_from, paused_until from cases.pause where case_id = @id order by 1";

    public static async Task<IReadOnlyList<Pause>> Of(Database database, Guid id, CancellationToken ct) =>
        [.. (await database.Query<(DateOnly From, DateOnly? Until)>(Sql, new { id }, ct)).Select(p => new Pause(p.From, p.Until))];

    public static async Task<IReadOnlyList<Pause>> Of(Work work, Guid id) =>
        [.. (await work.Query<(DateOnly From, DateOnly? Until)>(Sql, new { id })).Select(p => new Pause(p.From, p.Until))];
}

/// <summary>Ends what made a clock stand, and counts the due date anew.</summary>
internal sealed class PauseEnds(IStatutoryClock clock)
{
    /// <param name="why">query or stay.</param>
    /// <returns>The due date from now on: unchanged where the clock did not stand for this, or stands for something else still.</returns>
    public async Task<DateOnly?> End(Work work, Case c, string why, DateOnly today)
    {
        var from = await work.One<DateOnly?>("update cases.pause set paused_until = @today where case_id = @Id and paused_until is null and why = @why returning paused_from", new { today, c.Id, why });
        if (from is null) return c.DueOn;
        var pauses = await Pauses.Of(work, c.Id);
        if (pauses.Any(p => p.Until is null)) return c.DueOn;
        if (c.IsAppeal) return c is { Law: { } law, LawVersion: { } version, Layer: { } layer } ? clock.ExplainAppeal(law, version, layer, c.Place, Ist.DateIn(c.FiledAt), pauses)?.On : c.DueOn;
        // A date that an authority ordered is not counted: the days that it stood come on top.
        if (await work.One<bool>("select exists (select from cases.remand where case_id = @Id)", new { c.Id })) return c.DueOn?.AddDays(Math.Max(0, today.DayNumber - from.Value.DayNumber));
        return c.CompleteOn is { } complete ? clock.DueOn(c.Service, c.ServiceVersion, c.Place, complete, pauses, c.LawVersion) : c.DueOn;
    }
}
