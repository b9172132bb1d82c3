using System.Security.Cryptography;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Intake;

internal sealed record IntakeRow(Guid Id, Guid Plan, string Source, Guid? Official, string Blob, string Type, long Size, string State, string? Fault, int? Pages, int NextPage, Guid? Item, int Tries, DateTimeOffset At, DateTimeOffset? DoneAt);

/// <summary>Takes scans in as they are: checked by content, sealed, named in a row. The reader does the rest, page by page.</summary>
internal sealed class Intakes(Database database, SealedBlobs blobs, Seals seals, Clam clam, TimeProvider time)
{
    public const int MaxMegabytes = 50;

    public const string Columns = "id, plan, source, official, blob, type, size, state, fault, pages, next_page, item, tries, at, done_at";

    public static string Context(Guid id) => $"office.intake/{id:N}";

    /// <summary>What it is by its first bytes; further checks are the reader's programs', each in bounds.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> content, out string? fault)
    {
        if (content.StartsWith("II*\0"u8) || content.StartsWith("MM\0*"u8))
        {
            fault = null;
            return "image/tiff";
        }

        return PaperCheck.TypeOf(content, out fault);
    }

    /// <returns>The intake; the earlier one when the plan has the same bytes already.</returns>
    public async Task<Result<(Guid Id, bool Again)>> Take(PlanRow plan, byte[] content, string source, Guid? item, Guid? official, Actor by, CancellationToken ct)
    {
        Problem Refused(string code, params object?[] args) => Problem.Invalid([new Fault("scans", code, args)]);
        if (content.Length > MaxMegabytes * 1024L * 1024) return Refused("file-too-large", MaxMegabytes);
        if (TypeOf(content, out var fault) is not { } type) return Refused(fault == "file-wrong-type" ? "scan-wrong-type" : fault!);
        switch (await clam.Ask(content, ct))
        {
            case "infected": return Refused("scan-infected");
            case "away": return OfficeProblems.ScannerAway;
        }

        var digest = seals.Hash("intake/content", Convert.ToHexString(SHA256.HashData(content)));
        return await database.Write<Result<(Guid, bool)>>(async work =>
        {
            await work.Execute("select from office.scan_plan where id = @Id for update", new { plan.Id });
            if (await work.One<Guid?>("select id from office.intake where plan = @Id and digest = @digest", new { plan.Id, digest }) is { } known) return (known, true);
            if (item is { } of && !await work.One<bool>("select exists (select from office.scan_item s join office.scan_bundle b on b.id = s.bundle where s.id = @of and b.plan = @Id)", new { of, plan.Id })) return Refused("not-a-choice");
            var at = time.GetUtcNow();
            var id = Guid.CreateVersion7(at);
            var key = await seals.Key(work, plan.Id);
            using var memory = new MemoryStream(content, writable: false);
            var blob = await blobs.Put(key, memory, Context(id), ct);
            await work.Execute("insert into office.intake (id, plan, source, official, digest, blob, type, size, item, at) values (@id, @Plan, @source, @official, @digest, @blob, @type, @size, @item, @at)",
                new { id, Plan = plan.Id, source, official, digest, blob, type, size = content.LongLength, item, at });
            await work.Append(ScanPlans.StreamOf(plan.Id), null, new ScanTaken(id, source, Convert.ToHexStringLower(digest)), by, at);
            return (id, false);
        }, ct);
    }

    public Task<IReadOnlyList<IntakeRow>> Of(Guid plan, CancellationToken ct) => database.Query<IntakeRow>($"select {Columns} from office.intake where plan = @plan order by at desc limit 50", new { plan }, ct);

    /// <summary>Every page of the plan by what became of it, and how many scans wait or were refused.</summary>
    public async Task<IReadOnlyDictionary<string, int>> Account(Guid plan, CancellationToken ct) =>
        (await database.Query<(string, int)>("""
            select p.outcome, count(*)::int from office.intake_page p join office.intake i on i.id = p.intake where i.plan = @plan group by 1
            union all select 'scan-' || state, count(*)::int from office.intake where plan = @plan group by 1
            """, new { plan }, ct)).ToDictionary(o => o.Item1, o => o.Item2);
}
