using Sahulat.Contracts.Office;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Intake;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Record;

/// <summary>A raw scan ends with the first file of which it has pages (what the others have of it are papers of their own), and in any case some days after all that came of it was accepted.</summary>
internal sealed class RawScans(Database database, Seals seals, SealedBlobs blobs, TimeProvider time)
{
    /// <summary>Within the weeding of a file: its scans, and what was written of it when it lay on a shelf.</summary>
    /// <returns>The sealed bytes that no row names any more; null while a scan with pages of it is still being taken apart.</returns>
    public async Task<IReadOnlyList<string>?> Weed(Work work, Guid file, Actor by)
    {
        var items = (await work.Query<Guid>("select id from office.scan_item where file_id = @file for update", new { file })).ToArray();
        if (items.Length == 0) return [];
        if (await work.One<bool>("select exists (select from office.intake i where i.state = 'waiting' and (i.item = any(@items) or exists (select from office.intake_page p where p.intake = i.id and p.item = any(@items))))", new { items })) return null;
        var scans = await work.Query<IntakeRow>($"select {Intakes.Columns} from office.intake i where i.blob is not null and i.id in (select intake from office.intake_page where item = any(@items)) order by id for update", new { items });
        foreach (var scan in scans) await Destroy(work, scan, "weeded", by);
        await work.Execute("delete from office.scan_keyed where item = any(@items)", new { items });
        await work.Execute("delete from office.scan_entry_hand where entry in (select id from office.scan_entry where item = any(@items))", new { items });
        await work.Execute("delete from office.scan_entry where item = any(@items)", new { items });
        await work.Execute("update office.scan_item set title = '', subject = id where id = any(@items)", new { items });
        foreach (var item in items) await seals.Vault.Erase(work, item, by);
        return [.. scans.Select(s => s.Blob!)];
    }

    /// <summary>Destroys one scan whose time is over.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> Next(CancellationToken ct)
    {
        var gone = await database.Write(async work =>
        {
            var scan = await work.One<IntakeRow>($"""
                select {Intakes.Columns} from office.intake i where i.id = (
                  select i.id from office.intake i join office.scan_plan n on n.id = i.plan cross join lateral (select @now - n.keep_days * interval '1 day' as before) d
                  where i.blob is not null and i.state <> 'waiting' and i.done_at < d.before and not exists (
                    select from office.intake_page p left join office.scan_item s on s.id = p.item left join office.scan_bundle b on b.id = s.bundle
                    where p.intake = i.id and (p.outcome = 'waiting' or p.outcome = 'unplaced' and p.image is null or b.id is not null and (b.accepted_at is null or b.accepted_at >= d.before)))
                  limit 1 for update of i skip locked)
                """, new { now = time.GetUtcNow() });
            if (scan is not null) await Destroy(work, scan, "time", Actor.Sahulat("raw-scans"));
            return scan?.Blob;
        }, ct);
        if (gone is not null) await blobs.Delete(gone, ct);
        return gone is not null;
    }

    /// <summary>Seals what lies under a plan's key anew, under keys of its scans and items; then the plan's key, which opens what copies there may be of it, is destroyed.</summary>
    /// <returns>False when there is nothing left.</returns>
    public async Task<bool> OwnKeys(CancellationToken ct)
    {
        if (await database.One<IntakeRow>($"select {Intakes.Columns} from office.intake where subject is null and blob is not null and state <> 'waiting' limit 1", ct: ct) is { } scan) return await Anew(scan, ct);
        if (await database.One<(Guid Item, Guid Plan)>("select s.id, b.plan from office.scan_item s join office.scan_bundle b on b.id = s.bundle where s.subject is null limit 1", ct: ct) is { Item: var item, Plan: var plan } && item != Guid.Empty) return await Anew(item, plan, ct);
        var plans = await database.Query<Guid>("select id from office.scan_plan n where not exists (select from office.intake i where i.plan = n.id and i.subject is null and i.blob is not null)", ct: ct);
        foreach (var over in (await seals.Keys(plans, ct)).Keys) await database.Write(work => seals.Vault.Erase(work, over, Actor.Sahulat("raw-scans")), ct);
        return false;
    }

    private async Task<bool> Anew(IntakeRow scan, CancellationToken ct)
    {
        var content = (await seals.Keys([scan.Plan], ct)).TryGetValue(scan.Plan, out var old) ? await blobs.Open(old, scan.Blob!, Intakes.Context(scan.Id), ct) : null;
        await using (content)
        {
            await database.Write(async work =>
            {
                if (await work.One<Guid?>("select id from office.intake where id = @Id and blob = @Blob and subject is null and state <> 'waiting' for update", scan) is null) return;
                var blob = content is null ? null : await blobs.Put(await seals.Key(work, scan.Id), content, Intakes.Context(scan.Id), ct);
                await work.Execute("update office.intake set blob = @blob, subject = id where id = @Id", new { blob, scan.Id });
            }, ct);
        }

        await blobs.Delete(scan.Blob!, ct);
        return true;
    }

    private Task<bool> Anew(Guid item, Guid plan, CancellationToken ct) => database.Write(async work =>
    {
        var title = await work.One<byte[]>("select title from office.scan_item where id = @item and subject is null for update", new { item });
        if (title is null || !(await seals.Keys([plan], ct)).TryGetValue(plan, out var old)) return title is not null && await work.Execute("update office.scan_item set subject = id where id = @item", new { item }) > 0;
        var key = await seals.Key(work, item);
        await work.Execute("update office.scan_item set title = @title, subject = id where id = @item", new { item, title = seals.Seal(key, seals.Open(old, title, ScanPlans.TitleContext(item)), ScanPlans.TitleContext(item)) });
        foreach (var (hand, fields) in await work.Query<(int, byte[])>("select hand, fields from office.scan_keyed where item = @item", new { item }))
        {
            var context = Keying.Keyings.Context(item, hand);
            await work.Execute("update office.scan_keyed set fields = @fields where item = @item and hand = @hand", new { item, hand, fields = seals.Seal(key, seals.Open(old, fields, context), context) });
        }

        return true;
    }, ct);

    private async Task Destroy(Work work, IntakeRow scan, string why, Actor by)
    {
        var at = time.GetUtcNow();
        await work.Execute("update office.intake set blob = null, name = null where id = @Id", scan);
        if (scan.Subject is { } subject) await seals.Vault.Erase(work, subject, by);
        await work.Append(ScanPlans.StreamOf(scan.Plan), null, new RawScanDestroyed(scan.Id, why), by, at);
    }
}
