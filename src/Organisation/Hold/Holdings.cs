using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Hold;

internal sealed class Holdings(OrganisationDirectory directory, TimeProvider time) : IHoldings
{
    public async Task<Result<Done>> Take(Work work, IReadOnlyList<Holding> holdings, Actor by)
    {
        var check = new Check();
        foreach (var (h, i) in holdings.Select((h, i) => (h, i)))
        {
            check.That(directory.Post(h.Post) is not null, $"/{i}/post", "post-unknown", h.Post);
            check.That(h.Until is null || h.Until > h.From, $"/{i}/until", "date-too-early", h.From);
        }

        if (!check.Ok) return check.ToProblem();
        var posts = holdings.Select(h => h.Post).ToArray();
        // Two hands on one post at once: the second waits, and then sees the first's holding.
        await work.Execute("select 1 from organisation.post where code = any(@posts) order by code for update", new { posts });
        var overlapping = await work.Query<string>("""
            select h.post from organisation.holding h join unnest(@posts, @kinds, @froms, @untils) as n(post, kind, f, u) on n.post = h.post
            where h.kind = 'substantive' and n.kind = 'substantive' and h.held_from < coalesce(n.u, 'infinity') and n.f < coalesce(h.held_until, 'infinity')
            """, new { posts, kinds = holdings.Select(h => h.Kind).ToArray(), froms = holdings.Select(h => h.From).ToArray(), untils = holdings.Select(h => h.Until).ToArray() });
        if (overlapping.Count > 0) return new Problem("post-held", 409, overlapping[0]);
        await work.Execute("insert into organisation.holding (id, post, official, kind, held_from, held_until) select * from unnest(@ids, @posts, @officials, @kinds, @froms, @untils)", new
        {
            ids = holdings.Select(_ => Guid.CreateVersion7()).ToArray(), posts, officials = holdings.Select(h => h.Official).ToArray(), kinds = holdings.Select(h => h.Kind).ToArray(),
            froms = holdings.Select(h => h.From).ToArray(), untils = holdings.Select(h => h.Until).ToArray(),
        });
        await work.Append([.. holdings.Select(h => Append.To($"post/{h.Post}", null, new PostTaken(h.Official, h.Kind, h.From, h.Until), by, time.GetUtcNow()))]);
        await work.Execute("update organisation.revision set revision = revision + 1");
        return Done.It;
    }
}
