using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.AppealByHand;

/// <summary>What an applicant may appeal against, and until when.</summary>
/// <param name="Ground">delay (no answer in time), rejection, deficiency (approved, but not as asked), order (of a lower authority), or answer (to a grievance).</param>
/// <param name="Since">The day of the answer, or the last day on which it was due.</param>
/// <param name="LateDays">0 within the time to file.</param>
/// <param name="Standing">The appeal that this layer has already; it can be joined while it is open.</param>
internal sealed record AppealRight(LayerAbove Above, string Ground, DateOnly Since, int LateDays, StandingAppeal? Standing);

internal sealed record StandingAppeal(Guid Id, string Reference, string State, string? OpenedBy, DateOnly? DueOn, DateTimeOffset? JoinedAt);

/// <summary>Reads the law for one case: from memory, but for the appeal that may be there and the layer that sent the case back.</summary>
internal sealed class AppealRights(Database database, IAppealLayers layers, TimeProvider time)
{
    public const string Delay = "delay", Rejection = "rejection", Deficiency = "deficiency", OfOrder = "order", OfAnswer = "answer";

    private const string Sql = """
        select (select r.layer from cases.remand r where r.case_id = @id order by r.on_date desc, r.appeal desc limit 1)
        """;

    private const string StandingSql = """
        select a.id, a.reference, a.state, a.opened_by, a.due_on, g.joined_at from cases."case" a left join cases.appeal g on g.case_id = a.id where a.parent = @id and a.layer = @layer
        """;

    public async Task<Result<AppealRight>> Of(Case c, CancellationToken ct) => await database.Write<Result<AppealRight>>(work => Of(work, c), ct);

    public async Task<Result<AppealRight>> Of(Work work, Case c)
    {
        var today = Ist.Today(time);
        if (c is not { Law: { } law, LawVersion: { } version }) return CaseProblems.AppealNoLaw;
        if (c.State == CaseState.Withdrawn) return CaseProblems.AppealWithdrawn;
        if (Since(c, today) is not var (ground, since)) return CaseProblems.AppealTooEarly;
        var below = await work.One<string?>(Sql, new { id = c.Id }) ?? c.Layer;
        if (layers.Above(law, version, c.Service, c.ServiceVersion, below, c.Place, since, today) is not { } above) return CaseProblems.AppealNoLayer;
        var standing = await work.One<StandingAppeal>(StandingSql, new { id = c.Id, layer = above.Layer });
        // What filed itself may be joined, whoever opens the layer.
        if (standing is null && !above.OpensOn.Contains(LayerAbove.ByApplicant)) return CaseProblems.AppealNotByHand;
        return new AppealRight(above, ground, since, Math.Max(0, today.DayNumber - above.FileBy.DayNumber), standing);
    }

    /// <summary>Why it can be appealed against, and from which day the time to file runs.</summary>
    public static (string Ground, DateOnly Since)? Since(Case c, DateOnly today) => c switch
    {
        { DecidedOn: { } on, State: CaseState.Rejected } => (Rejection, on),
        { DecidedOn: { } on, State: CaseState.Approved } => (Deficiency, on),
        { DecidedOn: { } on, State: CaseState.Disposed } => (OfAnswer, on),
        { DecidedOn: { } on, IsAppeal: true } => (OfOrder, on),
        { DecidedOn: null, DueOn: { } due } when due < today && c.State != CaseState.Stayed => (Delay, due),
        _ => null,
    };
}
