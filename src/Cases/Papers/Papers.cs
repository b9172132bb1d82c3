using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Submit;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Papers;

/// <summary>What a paper was sent for: a draft, a case that waits for it, or, over the API, a request still to come from the same system.</summary>
internal sealed record PaperFor(Guid? Draft = null, Guid? Case = null, string? System = null);

internal sealed record StoredPaper(Guid Id, string Field, string Name, string Type, long Size);

/// <summary>The papers of a request: checked by content and for viruses, sealed under the applicant's key, kept in the blob store.</summary>
internal sealed class PaperStore(Database database, Vault vault, SealedBlobs blobs, Clam clam, TimeProvider time)
{
    /// <summary>Stores an uploaded file for a draft's field.</summary>
    /// <returns>The answer that stands in the form for it.</returns>
    public async Task<Result<JsonObject>> Add(Guid owner, PaperFor of, string field, int maxMegabytes, IFormFile file, CancellationToken ct)
    {
        var read = await Read(field, maxMegabytes, file, ct);
        if (!read.Ok) return read.Problem;
        var (memory, type) = read.Value;
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var name = CleanName(file.FileName, type);
        var key = (await vault.Keys([owner], IntakeBatch.Retention, ct))[owner];
        memory.Position = 0;
        var blob = await blobs.Put(key, memory, Context(id), ct);
        await database.Execute("insert into cases.document (id, case_id, draft_id, uploaded_by, owner, field, blob, name, type, size, at) values (@id, @Case, @Draft, @System, @owner, @field, @blob, @name, @type, @Length, @now)",
            new { id, of.Case, of.Draft, of.System, owner, field, blob, name = vault.Seal(key, Encoding.UTF8.GetBytes(name), Context(id) + "/name"), type, file.Length, now = time.GetUtcNow() }, ct);
        return new JsonObject { ["document"] = id.ToString(), ["name"] = name, ["type"] = type, ["size"] = file.Length };
    }

    /// <summary>What is wrong with an uploaded file; null when nothing is.</summary>
    public async Task<Problem?> Fault(string field, int maxMegabytes, IFormFile file, CancellationToken ct) => await Read(field, maxMegabytes, file, ct) is { Ok: false } refused ? refused.Problem : null;

    private async Task<Result<(MemoryStream Content, string Type)>> Read(string field, int maxMegabytes, IFormFile file, CancellationToken ct)
    {
        Problem Refused(string code, params object?[] args) => Problem.Invalid([new Fault(field, code, args)]);
        if (file.Length > maxMegabytes * 1024L * 1024) return Refused("file-too-large", maxMegabytes);
        var memory = new MemoryStream((int)file.Length);
        await file.CopyToAsync(memory, ct);
        var type = PaperCheck.TypeOf(memory.GetBuffer().AsSpan(0, (int)memory.Length), out var fault);
        if (type is null) return Refused(fault!);
        return await clam.Fault(field, memory.GetBuffer().AsMemory(0, (int)memory.Length), ct) is { } found ? found : (memory, type);
    }

    /// <summary>The papers of these cases, in the order in which they came.</summary>
    public async Task<IReadOnlyList<StoredPaper>> Of(Guid[] cases, CancellationToken ct)
    {
        var found = new List<StoredPaper>();
        foreach (var (id, owner, field, name, type, size) in await database.Query<(Guid, Guid, string, byte[], string, long)>("select id, owner, field, name, type, size from cases.document where case_id = any(@cases) order by at, id", new { cases }, ct))
            if (await vault.Open(owner, IntakeBatch.Retention, name, Context(id) + "/name", ct) is { } plain) found.Add(new StoredPaper(id, field, Encoding.UTF8.GetString(plain), type, size));
        return found;
    }

    /// <summary>The newest paper of each question of a draft.</summary>
    public async Task<IReadOnlyList<StoredPaper>> OfDraft(Guid draft, CancellationToken ct)
    {
        var found = new List<StoredPaper>();
        foreach (var (id, owner, field, name, type, size) in await database.Query<(Guid, Guid, string, byte[], string, long)>("select distinct on (field) id, owner, field, name, type, size from cases.document where draft_id = @draft order by field, at desc, id desc", new { draft }, ct))
            if (await vault.Open(owner, IntakeBatch.Retention, name, Context(id) + "/name", ct) is { } plain) found.Add(new StoredPaper(id, field, Encoding.UTF8.GetString(plain), type, size));
        return found;
    }

    /// <summary>The content of a paper of this case; null when there is none such.</summary>
    public async Task<(Stream Content, string Type)?> Open(Guid caseId, Guid document, CancellationToken ct)
    {
        var row = await database.One<(Guid Owner, string? Blob, string Type)>("select owner, blob, type from cases.document where id = @document and case_id = @caseId", new { document, caseId }, ct);
        if (row.Blob is null) return null;
        var keys = await vault.Keys([row.Owner], IntakeBatch.Retention, ct);
        if (!keys.ContainsKey(row.Owner)) return null;
        return await blobs.Open(keys[row.Owner], row.Blob, Context(document), ct) is { } content ? (content, row.Type) : null;
    }

    private static string Context(Guid id) => $"cases.document/{id:N}";

    private static string CleanName(string name, string type)
    {
        var stem = Path.GetFileNameWithoutExtension(name.Replace('\\', '/'));
        var clean = new string([.. stem.Normalize().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark).Take(80)]).Trim();
        return (clean.Length == 0 ? "document" : clean) + (type == "application/pdf" ? ".pdf" : type == "image/png" ? ".png" : ".jpg");
    }
}
