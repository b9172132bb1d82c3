using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Intake;

namespace Sahulat.Office.Plan;

/// <summary>The door for other rooms.</summary>
internal sealed class ScanningDoor(Database database, ScanPlans plans, Intakes intakes, TimeProvider time) : IScanning
{
    public async Task<(Guid Plan, IReadOnlyList<Guid> Items)> Plan(string post, Guid official, string name, string lang, IReadOnlyList<string> numbers, CancellationToken ct)
    {
        var reach = new Reach(new OfficialCaller(official, ""), new Dictionary<string, string> { [post] = post }, ["p:" + post]);
        var today = Ist.Today(time);
        var made = await plans.Create(reach, post, name, lang, today, today.AddDays(30), numbers.Count, 90, ct);
        if (!made.Ok) throw new InvalidOperationException($"the plan was refused: {made.Problem.Code}");
        var plan = (await plans.Find(reach, made.Value, ct))!;
        var listed = await plans.AddBundle(reach, plan, "1", "1", today.AddDays(30), string.Join('\n', numbers.Select(n => $"{n} | {n} | 1")), ct);
        if (!listed.Ok) throw new InvalidOperationException($"the bundle was refused: {listed.Problem.Code}");
        return (plan.Id, await database.Query<Guid>("select s.id from office.scan_item s join office.scan_bundle b on b.id = s.bundle where b.plan = @Id order by s.seq", new { plan.Id }, ct));
    }

    public async Task Take(Guid plan, Guid item, byte[] scan, CancellationToken ct)
    {
        var row = await database.One<PlanRow>($"select {ScanPlans.PlanColumns} from office.scan_plan where id = @plan", new { plan }, ct) ?? throw new ArgumentException("no such plan", nameof(plan));
        var taken = await intakes.Take(row, scan, "folder", item, null, Actor.Sahulat("scanning"), ct);
        if (!taken.Ok) throw new InvalidOperationException($"the scan was refused: {taken.Problem.Faults.FirstOrDefault()?.Code ?? taken.Problem.Code}");
    }

    public async Task<(int Kept, int Read)> Count(Guid plan, CancellationToken ct) => await database.One<(int, int)>("""
        select count(*)::int, (count(*) filter (where r.state = 'read'))::int from office.intake_page p join office.intake i on i.id = p.intake join office.page r on r.paper = p.paper where i.plan = @plan and p.outcome = 'kept'
        """, new { plan }, ct);
}
