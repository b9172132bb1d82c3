using System.Text.Json.Nodes;
using Sahulat.Cases.Alike;
using Sahulat.Cases.Papers;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Submit;

/// <summary>Makes the same request once: the same (caller, key) with the same body gets the stored answer, with another body a refusal.</summary>
internal sealed record Idempotency(string Caller, string Key, byte[] BodyDigest);

/// <summary>A checked request, ready to be written.</summary>
/// <param name="Applicant">Null while only the mobile number is known.</param>
internal sealed record Filing(Guid Id, string Reference, ServiceVersion Service, LawVersion? Law, string Place, Guid? Applicant, string? Mobile, byte[] Answers, Lang Lang, Actor By, string? OnBehalf, IReadOnlyList<string> Missing, IReadOnlyList<NamedPaper> Papers, Idempotency? Once, Guid? Draft, DateTimeOffset At, GrievanceMarks? Grievance = null);

/// <summary>The acknowledgement (SRO 223, rule 4, Form 1): with the due date when complete, with what is missing when not.</summary>
internal sealed record Receipt(Guid Id, string Reference, string State, DateOnly FiledOn, DateOnly? CompleteOn, DateOnly? DueOn, IReadOnlyList<string> Missing);

/// <summary>Takes requests in. Checking, due dates and references come before the queue; then many are sealed and written in one commit, and each caller is answered after it.</summary>
internal sealed class CaseIntake : IAsyncDisposable
{
    private readonly GroupCommit<Filing, Result<Receipt>> group;
    private readonly IServiceDirectory services;
    private readonly IForms forms;
    private readonly IOrganisation organisation;
    private readonly Vault vault;
    private readonly TimeProvider time;

    public CaseIntake(Database database, IServiceDirectory services, IForms forms, IOrganisation organisation, IStatutoryClock clock, ICitizens citizens, Vault vault, TimeProvider time)
    {
        (this.services, this.forms, this.organisation, this.vault, this.time) = (services, forms, organisation, vault, time);
        var batch = new IntakeBatch(citizens, vault, clock, new Steps(organisation, clock));
        group = new GroupCommit<Filing, Result<Receipt>>(database, batch.Write, batch: 200);
    }

    public async Task<Result<Receipt>> Submit(SubmitRequest request, Actor by, string? onBehalf, Idempotency? once, Guid? draft, CancellationToken ct, byte[]? follow = null)
    {
        var at = time.GetUtcNow();
        var today = Ist.DateIn(at);
        var service = services.Find(request.Service, today);
        if (service is null) return CaseProblems.NoService;
        if (service.Grievance?.Instead is not null) return CaseProblems.SubjectRefused;
        if (!service.Online) return CaseProblems.NotOnline;
        var form = forms.For(service);
        var check = new Check();
        foreach (var fault in form.Check(request.Answers)) check.Add(fault with { Pointer = "/answers" + fault.Pointer });
        check.That(organisation.Serves(service, request.Place), "/place", "place-unknown", service.PlaceLevel);
        var papers = check.Ok ? NamedPapers.In(form, request.Answers, check) : [];
        if (!check.Ok) return check.ToProblem();
        var law = service.Law is null ? null : services.Law(service.Law, today);
        var missing = form.MissingDocuments(request.Answers).Select(f => f.Name).ToArray();
        return await group.Submit(new Filing(draft ?? Guid.CreateVersion7(at), Reference.New(today, organisation.GovernmentOf(request.Place)), service, law, request.Place, request.Applicant, request.Mobile, System.Text.Encoding.UTF8.GetBytes(request.Answers.ToJsonString(Json.Stored)), request.Lang, by, onBehalf, missing, papers, once, draft, at, service.Grievance is null ? null : GrievanceMarks.Of(request.Answers, vault, follow)), ct);
    }

    public ValueTask DisposeAsync() => group.DisposeAsync();
}

/// <summary>A request as it comes from a page or from the API. Either the citizen or the mobile number is known.</summary>
internal sealed record SubmitRequest(string Service, string Place, Guid? Applicant, string? Mobile, Lang Lang, JsonObject Answers);

internal static class Json
{
    public static readonly System.Text.Json.JsonSerializerOptions Stored = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
