using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using Sahulat.Catalogue.Exchange;
using Sahulat.Catalogue.Load;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Catalogue.Incoming;

internal sealed record IncomingRow
{
    public Guid Id { get; init; }
    public string Origin { get; init; } = "";
    public string Fingerprint { get; init; } = "";
    public DateTimeOffset ReceivedAt { get; init; }
    public string ReceivedBy { get; init; } = "";
    public Guid? Receiver { get; init; }
    public string State { get; init; } = "";
    public string? Government { get; init; }
    public DateOnly? EffectiveOn { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
}

internal sealed record TrustedKey
{
    public string Fingerprint { get; init; } = "";
    public string Name { get; init; } = "";
    public DateTimeOffset AddedAt { get; init; }
    public string AddedBy { get; init; } = "";
}

/// <summary>What the administrator decided on.</summary>
internal sealed record Acceptance(string Government, DateOnly From, IReadOnlyDictionary<NamedThing, string> Mapping);

/// <summary>Packs of other governments: brought in by one person, accepted by another, counting from a day to come.</summary>
internal sealed class IncomingPacks(Database database, ServiceDirectory directory, PackIdentity identity, PackPlanning planning, TimeProvider time)
{
    public const string Waiting = "waiting", Accepted = "accepted", Refused = "refused";

    private const string Columns = "id, origin, fingerprint, received_at, received_by, receiver, state, government, effective_on, decided_at, decided_by";

    public Task<IReadOnlyList<IncomingRow>> List(CancellationToken ct) => database.Query<IncomingRow>($"select {Columns} from catalogue.incoming order by (state = 'waiting') desc, received_at desc limit 100", ct: ct);

    public async Task<(IncomingRow Row, SignedPack Pack)?> Find(Guid id, CancellationToken ct)
    {
        if (await database.One<IncomingRow>($"select {Columns} from catalogue.incoming where id = @id", new { id }, ct) is not { } row) return null;
        return (row, PackFile.Read((await database.One<byte[]>("select file from catalogue.incoming where id = @id", new { id }, ct))!).Value);
    }

    public async Task<Result<Guid>> Receive(byte[] file, Actor by, Guid? receiver, CancellationToken ct)
    {
        var read = PackFile.Read(file);
        if (!read.Ok) return read.Problem;
        var (pack, digest, id, now) = (read.Value, SHA256.HashData(file), Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        try
        {
            await database.Write(async work =>
            {
                await work.Execute("insert into catalogue.incoming (id, digest, file, origin, fingerprint, received_at, received_by, receiver, state) values (@id, @digest, @file, @Origin, @Fingerprint, @now, @by, @receiver, 'waiting')",
                    new { id, digest, file, pack.Statement.Origin, pack.Fingerprint, now, by = by.Token, receiver });
                await work.Append(Stream(id), 0, new PackReceived(pack.Statement.Origin, pack.Fingerprint, Convert.ToHexStringLower(digest), [.. pack.Statement.Items.Select(i => i.Path)]), by, now);
            }, ct);
            return id;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return PackProblems.Known;
        }
    }

    public async Task<Result<Done>> Accept(Guid id, Acceptance how, Actor by, Guid official, CancellationToken ct)
    {
        if (await Find(id, ct) is not var (row, pack)) return Problem.NotFound;
        if (row.State != Waiting) return PackProblems.Decided;
        if (row.Receiver == official) return PackProblems.SamePerson;
        if (await NameOf(row.Fingerprint, ct) is null) return PackProblems.Untrusted;
        if (planning.Governments().All(g => g.Code != how.Government)) return Problem.Invalid([new Fault("government", "required")]);
        if (how.From <= Ist.Today(time)) return Problem.Invalid([new Fault("from", "pack-day-past")]);
        var plan = await planning.Plan(pack, how.Government, how.From, how.Mapping, ct);
        if (plan.Problem is { } problem) return problem;
        var result = await database.Write(async work => await Store(work, row, plan, how, by), ct);
        if (result.Ok) await directory.Reload(ct);
        return result;
    }

    public Task<Result<Done>> Refuse(Guid id, Actor by, CancellationToken ct) => database.Write<Result<Done>>(async work =>
    {
        if (await work.One<IncomingRow>($"select {Columns} from catalogue.incoming where id = @id for update", new { id }) is not { } row) return Problem.NotFound;
        if (row.State != Waiting) return PackProblems.Decided;
        await work.Execute("update catalogue.incoming set state = 'refused', decided_at = @now, decided_by = @by where id = @id", new { id, now = time.GetUtcNow(), by = by.Token });
        await work.Append(Stream(id), null, new PackRefused(row.Fingerprint), by, time.GetUtcNow());
        return Done.It;
    }, ct);

    public Task<IReadOnlyList<TrustedKey>> Trusted(CancellationToken ct) => database.Query<TrustedKey>("select fingerprint, name, added_at, added_by from catalogue.trusted_key order by name", ct: ct);

    /// <summary>Whose key it is; null when it is trusted by nobody. The installation trusts its own.</summary>
    public async Task<string?> NameOf(string fingerprint, CancellationToken ct) =>
        fingerprint == identity.Fingerprint ? identity.Origin : await database.One<string>("select name from catalogue.trusted_key where fingerprint = @fingerprint", new { fingerprint }, ct);

    public Task<Result<Done>> Trust(string? typed, string? name, Actor by, CancellationToken ct)
    {
        var (fingerprint, check) = (PackFile.Fingerprint(typed), new Check());
        check.That(fingerprint is not null, "fingerprint", "not-a-fingerprint");
        check.That(!string.IsNullOrWhiteSpace(name) && name.Trim().Length <= 100, "name", "required");
        if (!check.Ok) return Task.FromResult<Result<Done>>(check.ToProblem());
        return database.Write<Result<Done>>(async work =>
        {
            var now = time.GetUtcNow();
            await work.Execute("insert into catalogue.trusted_key (fingerprint, name, added_at, added_by) values (@fingerprint, @name, @now, @by) on conflict (fingerprint) do update set name = excluded.name", new { fingerprint, name = name!.Trim(), now, by = by.Token });
            await work.Append("catalogue/trust", null, new KeyTrusted(fingerprint!, true), by, now);
            return Done.It;
        }, ct);
    }

    public Task<Result<Done>> Distrust(string fingerprint, Actor by, CancellationToken ct) => database.Write<Result<Done>>(async work =>
    {
        if (await work.Execute("delete from catalogue.trusted_key where fingerprint = @fingerprint", new { fingerprint }) == 0) return Problem.NotFound;
        await work.Append("catalogue/trust", null, new KeyTrusted(fingerprint, false), by, time.GetUtcNow());
        return Done.It;
    }, ct);

    private static string Stream(Guid id) => $"pack/{id:N}";

    private async Task<Result<Done>> Store(Work work, IncomingRow row, PackPlan plan, Acceptance how, Actor by)
    {
        await work.Execute("lock table catalogue.revision in exclusive mode");
        if (await work.One<string>("select state from catalogue.incoming where id = @Id for update", row) != Waiting) return PackProblems.Decided;
        if (await work.One<bool>("select not exists (select from catalogue.trusted_key where fingerprint = @Fingerprint)", row) && row.Fingerprint != identity.Fingerprint) return PackProblems.Untrusted;
        var (versions, pack) = (new List<string>(), planning.PackOf(how.Government));
        foreach (var item in plan.Items.Where(i => i.Changes.Count > 0))
        {
            var table = item.Service ? Load.Versions.Service : Load.Versions.Law;
            versions.Add($"{item.File.Code}/{await table.Add(work, item.File)}");
            await table.Own(work, item.File.Code, pack, how.Government);
        }

        await work.Execute("update catalogue.revision set number = number + 1");
        await work.Execute("update catalogue.incoming set state = 'accepted', government = @Government, effective_on = @From, mapping = @mapping::jsonb, decided_at = @now, decided_by = @by where id = @Id",
            new { row.Id, how.Government, how.From, mapping = JsonSerializer.Serialize(how.Mapping.ToDictionary(m => $"{m.Key.Kind}:{m.Key.Code}", m => m.Value), Written), now = time.GetUtcNow(), by = by.Token });
        await work.Append(Stream(row.Id), null, new PackAccepted(row.Fingerprint, how.From, versions), by, time.GetUtcNow());
        return Done.It;
    }

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
