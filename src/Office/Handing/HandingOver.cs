using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Handing;

/// <summary>What lies with a post.</summary>
/// <param name="Recorded">In the record room: it is the office's, and stays.</param>
internal sealed record Lying(int Open, int Away, int Closed, int Receipts, int Copies, int Recorded)
{
    public int Goes => Open + Away + Closed + Receipts + Copies;
}

/// <summary>Everything that lies with a post goes to another in one act, when a charge is handed over: all of it or nothing.</summary>
internal sealed class HandingOver(Database database, OfficePosts posts, Seals seals, TimeProvider time)
{
    /// <summary>Whoever holds the post, or heads its office or one above: a post that was left has nobody to do it.</summary>
    public bool May(Reach reach, string from) => reach.Acts.ContainsKey(from) || reach.Own.Any(p => posts.IsSenior(p, from));

    public async Task<Lying> Of(string post, CancellationToken ct) => (await database.One<Lying>("""
        select (count(*) filter (where state = 'open'))::int as open, (count(*) filter (where state = 'put-away'))::int as away, (count(*) filter (where state = 'closed'))::int as closed,
          (select count(*)::int from office.receipt where holder = @post and state = 'open') as receipts, (select count(*)::int from office.copy where post = @post and dismissed_at is null) as copies, (count(*) filter (where state = 'recorded'))::int as recorded
        from office.file where holder = @post
        """, new { post }, ct))!;

    public async Task<Result<Lying>> All(Reach reach, string? from, string? to, CancellationToken ct)
    {
        if (!posts.Exists(from) || !May(reach, from!)) return OfficeProblems.NotWithYou;
        if (!posts.Exists(to) || to == from) return Problem.Invalid([new Fault("to", string.IsNullOrWhiteSpace(to) ? "required" : "not-a-choice")]);
        var (at, by) = (time.GetUtcNow(), reach.As(reach.Acts.ContainsKey(from!) ? from! : reach.Own.First(p => posts.IsSenior(p, from!))));
        return await database.Write<Result<Lying>>(async w =>
        {
            var work = w.Unhurried;
            var files = await work.Query<Item>("select id, version, classification, state from office.file where holder = @from and state in ('open', 'put-away', 'closed') order by id for update", new { from });
            var receipts = await work.Query<Item>("select id, version, classification, state from office.receipt where holder = @from and state = 'open' order by id for update", new { from });
            await work.Append([.. files.Select(f => Append.To(FileRow.StreamOf(f.Id), f.Version, new OfficeItemMoved(from!, to!, "handed-over", []), by, at)), .. receipts.Select(r => Append.To(ReceiptRow.StreamOf(r.Id), r.Version, new OfficeItemMoved(from!, to!, "handed-over", []), by, at))]);
            foreach (var (kind, items) in new[] { ("file", files), ("receipt", receipts) })
            {
                var ids = items.Select(i => i.Id).ToArray();
                await work.Execute("""
                    insert into office.movement (item, seq, kind, from_post, to_post, way, official, at)
                    select n.item, coalesce((select max(seq) from office.movement m where m.item = n.item), 0) + 1, @kind, @from, @to, 'handed-over', @who, @at from unnest(@ids) as n(item)
                    """, new { kind, from, to, who = reach.Who.Id, at, ids });
                await work.Execute($"update office.{kind} set holder = @to, moved_at = @at, {(kind == "file" ? "came_at = null, " : "")}version = version + 1 where id = any(@ids)", new { to, at, ids });
                // Its drafts wait where it lies.
                if (kind == "file") await work.Execute("update office.draft set holder = @to, came_at = @at where holder = @from and file_id = any(@ids) and state <> 'dispatched'", new { from, to, at, ids });
                await Know(work, kind, [.. items.Where(i => i.Classification == Scope.Normal).Select(i => i.Id)], Scope.Of(Scope.Normal, to!, posts.Organisation));
                // Need-to-know goes with the charge.
                await Know(work, kind, [.. items.Where(i => i.Classification != Scope.Normal).Select(i => i.Id)], ["p:" + to]);
            }

            var copies = (await work.Query<Guid>("select item from office.copy where post = @from and dismissed_at is null order by item for update", new { from })).ToArray();
            await work.Execute("insert into office.copy (item, post, from_post, at) select n.item, @to, @from, @at from unnest(@copies) as n(item) on conflict (item, post) do update set dismissed_at = null", new { from, to, at, copies });
            await work.Execute("update office.copy set dismissed_at = @at where post = @from and item = any(@copies)", new { from, at, copies });
            foreach (var kind in new[] { "file", "receipt" }) await Know(work, kind, copies, ["p:" + to]);
            var stays = await work.One<int>("select count(*)::int from office.file where holder = @from and state = 'recorded'", new { from });
            await work.Append($"charge/{from}", null, new ChargeHandedOver(from!, to!, files.Count, receipts.Count, copies, stays), by, at);
            return new Lying(files.Count(f => f.State == "open"), files.Count(f => f.State == "put-away"), files.Count(f => f.State == "closed"), receipts.Count, copies.Length, stays);
        }, ct);
    }

    private async Task Know(Work work, string kind, Guid[] ids, IEnumerable<string> scopes)
    {
        var added = scopes.ToArray();
        if (ids.Length == 0) return;
        await work.Execute($"update office.{kind} set scopes = (select array_agg(distinct s) from unnest(scopes || @added) s) where id = any(@ids)", new { added, ids });
        await work.Execute("update office.page set scopes = (select array_agg(distinct s) from unnest(scopes || @marks) s) where item = any(@ids)", new { marks = Words.Marks(seals, added), ids });
    }

    private sealed class Item
    {
        public Guid Id { get; init; }

        public long Version { get; init; }

        public string Classification { get; init; } = "";

        public string State { get; init; } = "";
    }
}
