using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Cases.Certify;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Submit;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Revoke;

/// <summary>Revokes a certificate, for good; afterwards a corrected one may be issued under a new number that names the old.</summary>
internal sealed class RevokeAct(Database database, RevokeRight right, Certificates certificates, CaseView view, IForms forms, IOrganisation organisation, Vault vault, TimeProvider time)
{
    public const int TextMax = 2000;

    /// <summary>Reasons by code; their texts are <c>cases.revoked-for.{code}</c>.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["wrong-details", "not-entitled", "false-papers", "issued-in-error", "court-order", "holder-asked"];

    /// <summary>The reason that no official chooses: an order on appeal set the decision aside.</summary>
    public const string SetAside = "set-aside";

    public async Task<Result<Done>> Revoke(OfficialCaller who, CertificateRow c, string? reason, string? text, CancellationToken ct)
    {
        if (right.PostOf(who, c) is not { } post) return CaseProblems.NotYours;
        if (c.State != "issued") return CaseProblems.CertificateNotReady;
        if (c.RevokedAt is not null) return CaseProblems.CertificateRevoked;
        var check = new Check();
        check.That(Reasons.Contains(reason), "reason", string.IsNullOrEmpty(reason) ? "required" : "not-a-choice");
        text = text?.Trim() ?? "";
        check.That(text.Length > 0, "text", "required");
        check.That(text.Length <= TextMax, "text", "too-long", TextMax);
        check.That(!text.Any(ch => char.IsControl(ch) && ch is not ('\n' or '\r' or '\t')), "text", "control-characters");
        if (!check.Ok) return check.ToProblem();
        var now = time.GetUtcNow();
        return await database.Write<Result<Done>>(async work =>
        {
            var key = await vault.Key(work, c.Applicant, IntakeBatch.Retention);
            var words = vault.Seal(key, Encoding.UTF8.GetBytes(text), Certificates.ReasonContext(c.Number));
            var rows = await work.Execute("update cases.certificate set revoked_at = @now, revoked_for = @reason, revoked_by = @Token, revoked_text = @words where number = @Number and state = 'issued' and revoked_at is null",
                new { now, reason, who.As(post).Token, words, c.Number });
            if (rows == 0) return CaseProblems.CertificateRevoked;
            await Certificates.Journal(work, c.CaseId, new CertificateRevoked(c.Number, reason!), who.As(post), now);
            return Done.It;
        }, ct);
    }

    /// <summary>What may be corrected: the answers that the certificate prints, where they are text, numbers or dates.</summary>
    public IReadOnlyList<FormField> Correctable(CertificateRow c)
    {
        if (certificates.ServiceOf(c) is not { Certificate: { } template } service) return [];
        var printed = CertificateText.Names(template.Body["en"]).ToHashSet();
        return [.. forms.For(service).Pages.SelectMany(p => p.Fields).Where(f => printed.Contains(f.Name) && f.Type is FieldType.Text or FieldType.Number or FieldType.Money or FieldType.Date)];
    }

    /// <summary>The answers as this certificate printed them; null when the person was erased.</summary>
    public async Task<JsonObject?> Printed(CertificateRow c, CancellationToken ct)
    {
        var answers = await view.Answers(c.CaseId, c.Applicant, ct);
        if (answers is not null) certificates.Correct(answers, c, (await vault.Keys([c.Applicant], IntakeBatch.Retention, ct))[c.Applicant]);
        return answers;
    }

    /// <summary>A correction does not lengthen the time for which the certificate is valid.</summary>
    /// <param name="corrected">The answers that may be corrected, as they shall be printed.</param>
    /// <returns>The new number.</returns>
    public async Task<Result<string>> Reissue(OfficialCaller who, CertificateRow c, IReadOnlyDictionary<string, JsonNode?> corrected, CancellationToken ct)
    {
        if (right.PostOf(who, c) is not { } post) return CaseProblems.NotYours;
        if (c.RevokedAt is null) return CaseProblems.CertificateNotRevoked;
        if (c.ReplacedBy is not null) return CaseProblems.CertificateReplaced;
        if (certificates.ServiceOf(c) is not { Certificate: not null } service || await view.Answers(c.CaseId, c.Applicant, ct) is not { } filed) return Problem.NotFound;
        var answers = (JsonObject)filed.DeepClone();
        foreach (var (name, value) in corrected) answers[name] = value?.DeepClone();
        var faults = forms.For(service).Check(answers).Where(f => corrected.ContainsKey(f.Pointer.TrimStart('/'))).ToArray();
        if (faults.Length > 0) return Problem.Invalid(faults.Select(f => f with { Pointer = "c_" + f.Pointer.TrimStart('/') }));
        var changed = new JsonObject(corrected.Keys.Where(n => !JsonNode.DeepEquals(answers[n], filed[n])).Select(n => KeyValuePair.Create(n, answers[n]?.DeepClone())));
        var now = time.GetUtcNow();
        return await database.Write<Result<string>>(async work =>
        {
            var key = await vault.Key(work, c.Applicant, IntakeBatch.Retention);
            var corrections = changed.Count == 0 ? null : vault.Seal(key, Encoding.UTF8.GetBytes(changed.ToJsonString()), Certificates.CorrectionsContext(c.Number));
            var number = await IssueCertificates.Add(work, c.CaseId, organisation.GovernmentOf(c.Place), c.Lang, post, Ist.DateIn(now), c.ExpiresOn, now, c.Number, corrections);
            return number is null ? CaseProblems.CertificateReplaced : number;
        }, ct);
    }
}
