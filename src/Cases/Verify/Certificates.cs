using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Verify;

/// <summary>A certificate with what its case says about it. <see cref="State"/>: waiting, issued, erased.</summary>
internal sealed class CertificateRow
{
    public Guid CaseId { get; init; }

    public string Number { get; init; } = "";

    public string Token { get; init; } = "";

    public string State { get; init; } = "";

    public string Lang { get; init; } = "";

    public string? Post { get; init; }

    public DateOnly IssuedOn { get; init; }

    public DateOnly? ExpiresOn { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    public string? Blob { get; init; }

    public string? Digest { get; init; }

    public string? Statement { get; init; }

    public string? Replaces { get; init; }

    public string? ReplacedBy { get; init; }

    public byte[]? Holder { get; init; }

    public byte[]? Corrections { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedFor { get; init; }

    public byte[]? RevokedText { get; init; }

    public int Tries { get; init; }

    public string Reference { get; init; } = "";

    public string Service { get; init; } = "";

    public int ServiceVersion { get; init; }

    public string Place { get; init; } = "";

    public Guid Applicant { get; init; }

    public string Standing(DateOnly today) => RevokedAt is not null ? "revoked" : ExpiresOn < today ? "expired" : "valid";
}

/// <summary>Finds certificates and opens what is sealed in them.</summary>
internal sealed class Certificates(Database database, Vault vault, SealedBlobs blobs, IServiceDirectory services, IOrganisation organisation)
{
    private const string Select = """
        select t.*, n.number as replaced_by, c.reference, c.service, c.service_version, c.place, c.applicant
        from cases.certificate t join cases."case" c on c.id = t.case_id left join cases.certificate n on n.replaces = t.number
        """;

    public static string BlobContext(string number) => $"cases.certificate/{number}";

    public static string HolderContext(string number) => $"cases.certificate/{number}/holder";

    public static string CorrectionsContext(string number) => $"cases.certificate/{number}/corrections";

    public static string ReasonContext(string number) => $"cases.certificate/{number}/reason";

    public Task<CertificateRow?> ByNumber(string number, CancellationToken ct) => database.One<CertificateRow>($"{Select} where t.number = @number", new { number }, ct);

    public Task<CertificateRow?> ByToken(string token, CancellationToken ct) => database.One<CertificateRow>($"{Select} where t.token = @token and t.state = 'issued'", new { token }, ct);

    public Task<CertificateRow?> ByDigest(string digest, CancellationToken ct) => database.One<CertificateRow>($"{Select} where t.digest = @digest and t.state = 'issued'", new { digest }, ct);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<CertificateRow>> OfCase(Guid id, CancellationToken ct) => database.Query<CertificateRow>($"{Select} where t.case_id = @id and t.state <> 'erased' order by t.queued_at desc, t.replaces nulls last", new { id }, ct);

    public ServiceVersion? ServiceOf(CertificateRow c) => services.FindVersion(c.Service, c.ServiceVersion);

    public Office? OfficeOf(CertificateRow c) => c.Post is { } post && organisation.Post(post) is { } p ? organisation.Office(p.Office) : null;

    /// <summary>The holder's name as printed; null when the person was erased.</summary>
    public async Task<string?> HolderOf(CertificateRow c, CancellationToken ct) => await Text(c, c.Holder, HolderContext(c.Number), ct);

    /// <summary>What the official wrote when revoking.</summary>
    public async Task<string?> ReasonOf(CertificateRow c, CancellationToken ct) => await Text(c, c.RevokedText, ReasonContext(c.Number), ct);

    /// <summary>Puts the corrections of a certificate issued anew into the answers.</summary>
    public void Correct(JsonObject answers, CertificateRow c, SubjectKey key)
    {
        if (c.Corrections is null) return;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(vault.Open(key, c.Corrections, CorrectionsContext(c.Replaces!)))!) answers[name] = value?.DeepClone();
    }

    /// <summary>Somebody waits for it: it is printed before those nobody asks for.</summary>
    public Task Want(CertificateRow c, DateTimeOffset now, CancellationToken ct) => database.Execute("update cases.certificate set wanted_at = @now where number = @Number and state = 'waiting' and wanted_at is null", new { now, c.Number }, ct);

    /// <summary>The PDF; null when it is not there (yet), or the person was erased.</summary>
    public async Task<Stream?> Pdf(CertificateRow c, CancellationToken ct) =>
        c.Blob is { } blob && (await vault.Keys([c.Applicant], IntakeBatch.Retention, ct)).TryGetValue(c.Applicant, out var key) ? await blobs.Open(key, blob, BlobContext(c.Number), ct) : null;

    /// <summary>Journals on the case's stream and keeps the case's version in step with it.</summary>
    public static async Task Journal<T>(Work work, Guid caseId, T body, Actor actor, DateTimeOffset at)
        where T : class, IJournalBody
    {
        var version = await work.Append(CaseStore.Stream(caseId), null, body, actor, at);
        await work.Execute("""update cases."case" set version = @version where id = @caseId""", new { version, caseId });
    }

    /// <summary>The first letter of each word: enough for a holder to be recognised, too little to learn a name from a number.</summary>
    public static string Mask(string name) =>
        string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6).Select(w => StringInfo.GetNextTextElement(w) + "•••"));

    private async Task<string?> Text(CertificateRow c, byte[]? bytes, string context, CancellationToken ct) =>
        bytes is not null && await vault.Open(c.Applicant, IntakeBatch.Retention, bytes, context, ct) is { } plain ? Encoding.UTF8.GetString(plain) : null;
}
