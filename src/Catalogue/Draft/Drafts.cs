using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Catalogue.Draft;

/// <param name="State">open, review, published or discarded.</param>
/// <param name="Version">How often it was saved; who changes it names the one he saw.</param>
internal sealed record DraftRow(Guid Id, string Code, string State, int? BaseVersion, int Version, string Yaml, Guid ChangedBy, DateTimeOffset ChangedAt, Guid? SubmittedBy, DateTimeOffset? SubmittedAt, int? PublishedVersion)
{
    public const string Columns = "id, code, state, base_version, version, yaml, changed_by, changed_at, submitted_by, submitted_at, published_version";

    public ServiceDocument Document() => ServiceDocument.Stored(Yaml);

    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Yaml)));
}

/// <summary>The administrator at work.</summary>
internal sealed record Hand(Guid Official, Actor Actor);

internal sealed record DraftSaved(int Version, Guid Official, DateTimeOffset At);

/// <summary>What author and reviewer wrote. <paramref name="Kind"/>: submitted, returned, approved, taken-back.</summary>
internal sealed record DraftWord(string Kind, Guid Official, DateTimeOffset At, string Words);

/// <summary>Drafts of services. Each save is kept for a while, so that a slip can be taken back.</summary>
internal sealed class Drafts(Database database, TimeProvider time)
{
    /// <summary>Subjects of grievances share the codes of services.</summary>
    public const string Taken = "select exists (select from catalogue.service_version where code = @Code) or exists (select from catalogue.grievance_version where code = @Code)";

    private const int Kept = 100;

    public static string Stream(string code) => "catalogue/" + code;

    public Task<DraftRow?> Find(Guid id, CancellationToken ct) => database.One<DraftRow>($"select {DraftRow.Columns} from catalogue.draft where id = @id", new { id }, ct);

    public Task<DraftRow?> OpenOf(string code, CancellationToken ct) =>
        database.One<DraftRow>($"select {DraftRow.Columns} from catalogue.draft where code = @code and state in ('open', 'review')", new { code }, ct);

    public Task<IReadOnlyList<DraftSaved>> Saves(Guid id, CancellationToken ct) =>
        database.Query<DraftSaved>("select version, official, at from catalogue.draft_save where draft = @id order by version desc limit 10", new { id }, ct);

    public Task<IReadOnlyList<DraftWord>> Words(Guid id, CancellationToken ct) =>
        database.Query<DraftWord>("select kind, official, at, words from catalogue.draft_word where draft = @id order by number", new { id }, ct);

    /// <param name="from">The version it starts from; null for a new service.</param>
    public async Task<Result<Guid>> Begin(ServiceDocument document, int? from, Hand by, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        if (ServiceDocument.Parse(document.Text()) is { Ok: false } unreadable) return unreadable.Problem;
        try
        {
            return await database.Write<Result<Guid>>(async work =>
            {
                if (from is null && await work.One<bool>(Taken, new { document.Code }))
                    return Problem.Invalid([new Fault("code", "code-taken")]);
                await work.Execute("""
                    insert into catalogue.draft (id, code, name, state, base_version, version, yaml, changed_by, changed_at)
                    values (@id, @Code, @name::jsonb, 'open', @from, 1, @yaml, @Official, @now)
                    """, new { id, document.Code, name = Name(document), from, yaml = document.Text(), by.Official, now = time.GetUtcNow() });
                await Keep(work, id, 1, document.Text(), by);
                await work.Append(Stream(document.Code), null, new DraftBegun(id, from), by.Actor, time.GetUtcNow());
                return id;
            }, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return CatalogueProblems.DraftThere;
        }
    }

    /// <returns>The version that it has now. Refused when another was quicker.</returns>
    public Task<Result<int>> Save(Guid id, int seen, ServiceDocument document, Hand by, CancellationToken ct) => database.Write<Result<int>>(async work =>
    {
        var text = document.Text();
        // What was written must be what is read.
        if (ServiceDocument.Parse(text) is { Ok: false } unreadable) return unreadable.Problem;
        var row = await Locked(work, id);
        if (row is null) return Problem.NotFound;
        if (row.State != "open") return CatalogueProblems.DraftClosed;
        if (row.Version != seen) return Problem.Conflict;
        if (row.Yaml == text) return row.Version;
        await work.Execute("update catalogue.draft set version = version + 1, yaml = @text, name = @name::jsonb, changed_by = @Official, changed_at = @now where id = @id",
            new { id, text, name = Name(document), by.Official, now = time.GetUtcNow() });
        await Keep(work, id, row.Version + 1, text, by);
        return row.Version + 1;
    }, ct);

    /// <summary>Goes back to what an earlier save said, as a save of its own.</summary>
    public async Task<Result<int>> GoBack(Guid id, int seen, int to, Hand by, CancellationToken ct)
    {
        var earlier = await database.One<string>("select yaml from catalogue.draft_save where draft = @id and version = @to and yaml <> ''", new { id, to }, ct);
        return earlier is null ? Problem.NotFound : await Save(id, seen, ServiceDocument.Stored(earlier), by, ct);
    }

    public Task<Result<Done>> Discard(Guid id, int seen, Hand by, CancellationToken ct) => database.Write<Result<Done>>(async work =>
    {
        var row = await Locked(work, id);
        if (row is null) return Problem.NotFound;
        if (row.State != "open") return CatalogueProblems.DraftClosed;
        if (row.Version != seen) return Problem.Conflict;
        await work.Execute("update catalogue.draft set state = 'discarded', changed_by = @Official, changed_at = @now where id = @id", new { id, by.Official, now = time.GetUtcNow() });
        await work.Append(Stream(row.Code), null, new DraftDiscarded(id), by.Actor, time.GetUtcNow());
        return Done.It;
    }, ct);

    public static Task<DraftRow?> Locked(Work work, Guid id) => work.One<DraftRow>($"select {DraftRow.Columns} from catalogue.draft where id = @id for update", new { id });

    private async Task Keep(Work work, Guid id, int version, string yaml, Hand by)
    {
        await work.Execute("insert into catalogue.draft_save (draft, version, official, at, yaml) values (@id, @version, @Official, @now, @yaml)", new { id, version, by.Official, now = time.GetUtcNow(), yaml });
        // Whose hand it was is asked at the review, so those rows stay; only their texts go.
        await work.Execute("update catalogue.draft_save set yaml = '' where draft = @id and version <= @version - @Kept and yaml <> ''", new { id, version, Kept });
    }

    private static string Name(ServiceDocument document) =>
        JsonSerializer.Serialize(Kernel.Language.Lang.All.Select(l => (l.Code, Text: document.Root.Scalar("name." + l.Code))).Where(n => !string.IsNullOrEmpty(n.Text)).ToDictionary(n => n.Code, n => n.Text));
}
