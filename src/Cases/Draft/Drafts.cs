using System.Text;
using System.Text.Json.Nodes;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Draft;

/// <summary>An unfinished request, saved at every step, taken up again on any device.</summary>
internal sealed record DraftRequest(Guid Id, Guid Citizen, ServiceVersion Service, string? Place, JsonObject Answers, string? Operator, DateTimeOffset UpdatedAt);

internal sealed class Drafts(Database database, Vault vault, IServiceDirectory services, TimeProvider time)
{
    /// <param name="consent">The consent under which an operator begins it: the draft, and later the case, bears its id, so that there is one for each.</param>
    public async Task<Guid> Start(Guid citizen, ServiceVersion service, string place, Lang lang, string? byOperator, CancellationToken ct, Guid? consent = null)
    {
        var id = consent ?? Guid.CreateVersion7(time.GetUtcNow());
        await database.Write(async work =>
        {
            var key = await vault.Key(work, citizen, IntakeBatch.Retention);
            await work.Execute("insert into cases.draft (id, citizen, service, service_version, place, lang, answers, operator, updated_at) values (@id, @citizen, @Code, @Version, @place, @lang, @answers, @byOperator, @now) on conflict (id) do nothing",
                new { id, citizen, service.Code, service.Version, place, lang = lang.Code, answers = vault.Seal(key, "{}"u8, Context(id)), byOperator, now = time.GetUtcNow() });
        }, ct);
        return id;
    }

    /// <summary>Whether a request was begun or filed under this id.</summary>
    public Task<bool> Taken(Guid id, CancellationToken ct) =>
        database.One<bool>("""select exists (select from cases.draft where id = @id) or exists (select from cases."case" where id = @id)""", new { id }, ct);

    /// <summary>Null when there is none, or it is another's.</summary>
    public async Task<DraftRequest?> Find(Guid id, Guid citizen, CancellationToken ct)
    {
        var row = await database.One<Row>("select id, citizen, service, service_version, place, answers, operator, updated_at from cases.draft where id = @id and citizen = @citizen", new { id, citizen }, ct);
        return row is null ? null : await Open(row, ct);
    }

    public async Task<IReadOnlyList<DraftRequest>> Of(Guid citizen, CancellationToken ct)
    {
        var list = new List<DraftRequest>();
        foreach (var row in await database.Query<Row>("select id, citizen, service, service_version, place, answers, operator, updated_at from cases.draft where citizen = @citizen order by updated_at desc limit 50", new { citizen }, ct))
            if (await Open(row, ct) is { } draft) list.Add(draft);
        return list;
    }

    public Task Save(DraftRequest draft, JsonObject answers, CancellationToken ct) => database.Write(async work =>
    {
        var key = await vault.Key(work, draft.Citizen, IntakeBatch.Retention);
        await work.Execute("update cases.draft set answers = @sealedAnswers, updated_at = @now where id = @Id", new { sealedAnswers = vault.Seal(key, Encoding.UTF8.GetBytes(answers.ToJsonString(Json.Stored)), Context(draft.Id)), now = time.GetUtcNow(), draft.Id });
    }, ct);

    public Task Discard(Guid id, Guid citizen, CancellationToken ct) => database.Write(async work =>
    {
        if (await work.Execute("delete from cases.draft where id = @id and citizen = @citizen", new { id, citizen }) == 0) return;
        await work.Execute("delete from cases.document where draft_id = @id", new { id });
        // What a counter began under his consent ends with it.
        await work.Execute("update cases.consent set expires_at = @now where id = @id", new { id, now = time.GetUtcNow() });
    }, ct);

    private static string Context(Guid id) => $"cases.draft/{id:N}";

    private async Task<DraftRequest?> Open(Row row, CancellationToken ct)
    {
        var service = services.FindVersion(row.Service, row.ServiceVersion);
        var plain = await vault.Open(row.Citizen, IntakeBatch.Retention, row.Answers, Context(row.Id), ct);
        return service is null || plain is null ? null : new DraftRequest(row.Id, row.Citizen, service, row.Place, (JsonObject)JsonNode.Parse(plain)!, row.Operator, row.UpdatedAt);
    }

    private sealed record Row(Guid Id, Guid Citizen, string Service, int ServiceVersion, string? Place, byte[] Answers, string? Operator, DateTimeOffset UpdatedAt);
}
