using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Complain;

/// <summary>Grievances for other rooms and other ways in, through the one intake.</summary>
internal sealed class Grievances(CaseIntake intake, Database database, IServiceDirectory services, TimeProvider time) : IGrievances
{
    private const string Standings = """
        select c.reference, c.service as subject, c.service_version as subject_version, c.place, c.state, (c.filed_at at time zone 'Asia/Kolkata')::date as filed_on, c.due_on, c.decided_on, c.post,
          (select a.layer from cases."case" a where a.parent = c.id order by a.filed_at desc limit 1) as layer
        from cases."case" c where c.type = 'grievance' and c.applicant = @citizen
        """;

    public async Task<Result<GrievanceFiled>> File(NewGrievance grievance, CancellationToken ct)
    {
        if (services.Find(grievance.Subject, Ist.Today(time)) is not { Grievance: not null }) return CaseProblems.NoService;
        var answers = new JsonObject { ["happened"] = grievance.Happened };
        foreach (var (name, value) in new[] { ("address", grievance.Address), ("location", grievance.Location), ("full_name", grievance.Name) })
            if (!string.IsNullOrWhiteSpace(value)) answers[name] = value;
        var once = new Idempotency(grievance.By.Token, grievance.Once, SHA256.HashData(Encoding.UTF8.GetBytes($"{grievance.Subject}\n{grievance.Place}\n{answers.ToJsonString(Json.Stored)}")));
        var filed = await intake.Submit(new SubmitRequest(grievance.Subject, grievance.Place, grievance.Citizen, grievance.Mobile, grievance.Lang, answers), grievance.By, null, once, null, ct);
        if (!filed.Ok) return filed.Problem;
        var post = await database.One<string>("""select post from cases."case" where id = @Id""", new { filed.Value.Id }, ct);
        return new GrievanceFiled(filed.Value.Id, filed.Value.Reference, filed.Value.FiledOn, filed.Value.DueOn, post);
    }

    public async Task<GrievanceStanding?> Standing(string reference, Guid citizen, CancellationToken ct) =>
        Reference.Parse(reference, out _) is { } parsed ? await database.One<GrievanceStanding>($"{Standings} and c.reference = @parsed", new { citizen, parsed }, ct) : null;

    public Task<IReadOnlyList<GrievanceStanding>> Of(Guid citizen, int most, CancellationToken ct) =>
        database.Query<GrievanceStanding>($"{Standings} order by c.filed_at desc limit @most", new { citizen, most }, ct);
}
