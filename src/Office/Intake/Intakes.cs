using System.Security.Cryptography;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Papers;
using Sahulat.Office.PlaceByHand;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Intake;

/// <param name="Blob">Null when it was refused at the door, or its time is over.</param>
/// <param name="Subject">Whose key seals it; null is the plan's.</param>
internal sealed record IntakeRow(Guid Id, Guid Plan, string Source, Guid? Official, string? Blob, Guid? Subject, byte[]? Name, string Type, long Size, string State, string? Fault, int? Pages, int NextPage, Guid? Item, int Tries, DateTimeOffset At, DateTimeOffset? DoneAt);

/// <summary>Takes scans in as they are: checked by content, sealed under a key of each, named in a row. The reader does the rest, page by page.</summary>
internal sealed class Intakes(Database database, SealedBlobs blobs, Seals seals, Clam clam, Placing placing, TimeProvider time)
{
    public const int MaxMegabytes = 50;

    public const string Columns = "id, plan, source, official, blob, subject, name, type, size, state, fault, pages, next_page, item, tries, at, done_at";

    public static string Context(Guid id) => $"office.intake/{id:N}";

    /// <summary>What it is by its first bytes; further checks are the reader's programs', each in bounds.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> content, out string? fault)
    {
        if (!Tiff.Is(content)) return PaperCheck.TypeOf(content, out fault);
        fault = Tiff.IsWhole(content) ? null : "file-cut-off";
        return fault is null ? "image/tiff" : null;
    }

    /// <summary>By it the bytes are known again. Those of a rejected scan have something behind it.</summary>
    public byte[] Digest(byte[] sha256) => seals.Hash("intake/content", Convert.ToHexString(sha256));

    /// <returns>The intake; the earlier one when the plan has the same bytes already.</returns>
    public async Task<Result<(Guid Id, TakenAs As)>> Take(PlanRow plan, byte[] content, string source, Guid? item, Guid? official, Actor by, CancellationToken ct)
    {
        Problem Refused(string code, params object?[] args) => Problem.Invalid([new Fault("scans", code, args)]);
        if (content.Length > MaxMegabytes * 1024L * 1024) return Refused("file-too-large", MaxMegabytes);
        if (TypeOf(content, out var fault) is not { } type) return Refused(fault == "file-wrong-type" ? "scan-wrong-type" : fault!);
        if (await clam.Fault("scans", content, ct) is { } found) return found;
        var digest = Digest(SHA256.HashData(content));
        string? old = null;
        var taken = await database.Write<Result<(Guid, TakenAs)>>(async work =>
        {
            await work.Execute("select from office.scan_plan where id = @Id for update", new { plan.Id });
            if (!await placing.Has(work, plan, item)) return Refused("not-a-choice");
            if (await work.One<IntakeRow>($"select {Columns} from office.intake where plan = @Id and digest = @digest for update", new { plan.Id, digest }) is { } known)
            {
                (var what, old) = await placing.Same(work, known, content, type, item, by);
                return (known.Id, what);
            }

            var at = time.GetUtcNow();
            var id = Guid.CreateVersion7(at);
            var key = await seals.Key(work, id);
            using var memory = new MemoryStream(content, writable: false);
            var blob = await blobs.Put(key, memory, Context(id), ct);
            await work.Execute("insert into office.intake (id, plan, source, official, digest, blob, subject, type, size, item, at) values (@id, @Plan, @source, @official, @digest, @blob, @id, @type, @size, @item, @at)",
                new { id, Plan = plan.Id, source, official, digest, blob, type, size = content.LongLength, item, at });
            await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanTaken(id, source, Convert.ToHexStringLower(digest)), by, at);
            return (id, TakenAs.New);
        }, ct);
        if (taken.Ok && old is not null) await blobs.Delete(old, ct);
        return taken;
    }

    /// <summary>A file of a scanner's folder that was refused at the door, so that who looks at the plan knows which and why.</summary>
    /// <param name="sha256">Of its bytes, which are not kept.</param>
    public Task NoteRefusal(PlanRow plan, byte[] sha256, long size, string name, string why, Actor by, CancellationToken ct) => database.Write(async work =>
    {
        var at = time.GetUtcNow();
        var id = Guid.CreateVersion7(at);
        var clean = seals.Seal(await seals.Key(work, id), name.Length > 200 ? name[..200] : name, Context(id) + "/name");
        var noted = await work.One<Guid?>("""
            insert into office.intake as i (id, plan, source, digest, subject, name, type, size, state, fault, at, done_at) values (@id, @Plan, 'folder', @digest, @id, @clean, '', @size, 'refused', @why, @at, @at)
            on conflict (plan, digest) do update set fault = excluded.fault, at = excluded.at, done_at = excluded.at where i.state = 'refused' and i.blob is null returning id
            """, new { id, Plan = plan.Id, digest = Digest(sha256), clean, size, why, at });
        if (noted is { } of) await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanRefused(of, why), by, at);
    }, ct);

    public async Task<IReadOnlyList<(IntakeRow Scan, string? Name)>> Of(Guid plan, CancellationToken ct)
    {
        var rows = await database.Query<IntakeRow>($"select {Columns} from office.intake where plan = @plan order by at desc limit 50", new { plan }, ct);
        var keys = await seals.Keys(rows.Where(r => r.Name is not null).Select(r => r.Subject ?? r.Plan), ct);
        return [.. rows.Select(r => (r, r.Name is not null && keys.TryGetValue(r.Subject ?? r.Plan, out var key) ? seals.Open(key, r.Name, Context(r.Id) + "/name") : null))];
    }

    /// <summary>Every page of the plan by what became of it, and how many scans wait or were refused.</summary>
    public async Task<IReadOnlyDictionary<string, int>> Account(Guid plan, CancellationToken ct) =>
        (await database.Query<(string, int)>("""
            select p.outcome, count(*)::int from office.intake_page p join office.intake i on i.id = p.intake where i.plan = @plan group by 1
            union all select 'scan-' || state, count(*)::int from office.intake where plan = @plan group by 1
            """, new { plan }, ct)).ToDictionary(o => o.Item1, o => o.Item2);
}
