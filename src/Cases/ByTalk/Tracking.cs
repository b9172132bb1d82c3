using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.ByTalk;

internal sealed class Tracking(Database database, CaseView view, ICitizens citizens, Attempts attempts) : ITracking
{
    private const int PerHour = 20;

    public async Task<Result<TrackedRequest>> Find(string? reference, string mobile, string network, CancellationToken ct)
    {
        var parsed = Reference.Parse(reference, out var fault);
        if (parsed is null) return Problem.Invalid([new Fault("reference", fault ?? "reference-form")]);
        if (!await attempts.Allowed("track", network, PerHour, ct)) return CaseProblems.TooManyAttempts;
        var citizen = await citizens.Find(mobile, ct);
        return await view.Row(parsed, ct) is { } row && row.Applicant == citizen ? Of(row) : Problem.Invalid([new Fault("reference", "tracking-no-match")]);
    }

    public async Task<IReadOnlyList<TrackedRequest>> Of(string mobile, int most, CancellationToken ct)
    {
        if (await citizens.Find(mobile, ct) is not { } citizen) return [];
        return [.. (await database.Query<CaseStore.Row>("""select reference, service, service_version, state, filed_at, due_on, decided_on from cases."case" where applicant = @citizen and type <> 'appeal' order by filed_at desc limit @most""", new { citizen, most }, ct)).Select(Of)];
    }

    private static TrackedRequest Of(CaseStore.Row r) => new(r.Reference, Reference.Show(r.Reference), r.Service, r.ServiceVersion, r.State, Ist.DateIn(r.FiledAt), r.DueOn, r.DecidedOn);
}
