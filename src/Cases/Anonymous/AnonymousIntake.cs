using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Papers;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Anonymous;

/// <param name="Code">Shown once, kept nowhere.</param>
internal sealed record AnonymousReceipt(Receipt Receipt, string Code);

/// <summary>Takes a grievance from one who does not say who he is, where its subject allows it. The applicant is an identity of its own that nobody else has: the text is sealed under its key, and no person hangs on it.</summary>
internal sealed class AnonymousIntake(CaseIntake intake, IServiceDirectory services, IForms forms, PaperStore papers, Vault vault, Database database, TimeProvider time)
{
    /// <param name="sending">What makes sending it twice one grievance.</param>
    public async Task<Result<AnonymousReceipt>> File(string subject, string place, Lang lang, JsonObject answers, IFormFile? photo, string sending, Actor by, CancellationToken ct)
    {
        if (services.Find(subject, Ist.Today(time)) is not { Grievance: { } terms } found) return CaseProblems.NoService;
        if (terms.Instead is not null) return CaseProblems.SubjectRefused;
        if (!terms.Anonymous) return CaseProblems.NotAnonymous;
        var faults = forms.For(found).Check((JsonObject)answers.DeepClone());
        if (faults.Count > 0) return Problem.Invalid([.. faults.Select(f => f with { Pointer = "/answers" + f.Pointer })]);
        var (id, owner) = (Identity("case", sending), Identity("applicant", sending));
        var once = new Idempotency(by.Token, "anonymous:" + sending, SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{place}\n{answers.ToJsonString(Json.Stored)}")));
        if (photo is { Length: > 0 } && !await database.One<bool>("""select exists (select from cases."case" where id = @id)""", new { id }, ct))
        {
            await database.Write(work => vault.Key(work, owner, IntakeBatch.Retention), ct);
            var stored = await papers.Add(owner, new PaperFor(Draft: id), "photo", 8, photo, ct);
            if (!stored.Ok) return stored.Problem;
            answers["photo"] = stored.Value;
        }

        var code = FollowCode.Of(vault, sending);
        var filed = await intake.Submit(new SubmitRequest(subject, place, owner, null, lang, answers), by, null, once, id, ct, FollowCode.Hash(vault, code));
        return filed.Ok ? new AnonymousReceipt(filed.Value, code) : filed.Problem;
    }

    /// <summary>Keyed, so that nobody who chooses what he sends chooses another's identity.</summary>
    private Guid Identity(string of, string sending) => new(vault.BlindIndex("cases.anonymous/" + of, sending)[..16]);
}
