using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Hold;

/// <summary>Who holds posts. A post has one substantive holder at a time; additional charge and delegation stand beside him.</summary>
internal sealed class Holdings(OrganisationDirectory directory, TimeProvider time) : IHoldings
{
    public static readonly string[] Kinds = ["substantive", "additional", "delegated"];

    public async Task<Result<Done>> Take(Work work, IReadOnlyList<Holding> holdings, Actor by)
    {
        if (Faults(holdings) is { Ok: false } check) return check.ToProblem();
        if (OverlapWithin(holdings) is { } twice) return OrganisationProblems.PostHeld(twice);
        var posts = holdings.Select(h => h.Post).ToArray();
        var row = new
        {
            ids = holdings.Select(_ => Guid.CreateVersion7()).ToArray(), posts, officials = holdings.Select(h => h.Official).ToArray(), kinds = holdings.Select(h => h.Kind).ToArray(),
            froms = holdings.Select(h => h.From).ToArray(), untils = holdings.Select(h => h.Until).ToArray(),
        };
        // Two hands on one post at once: the second waits, and then sees the first's holding.
        await work.Execute("select 1 from organisation.post where code = any(@posts) order by code for update", row);
        var overlapping = await work.Query<string>("""
            select h.post from organisation.holding h join unnest(@posts, @officials, @kinds, @froms, @untils) as n(post, official, kind, f, u) on n.post = h.post
            where (h.kind = 'substantive' and n.kind = 'substantive' or h.official = n.official) and h.held_from < coalesce(n.u, 'infinity') and n.f < coalesce(h.held_until, 'infinity')
            """, row);
        if (overlapping.Count > 0) return OrganisationProblems.PostHeld(overlapping[0]);
        await work.Execute("insert into organisation.holding (id, post, official, kind, held_from, held_until) select * from unnest(@ids, @posts, @officials, @kinds, @froms, @untils)", row);
        await work.Append([.. holdings.Select(h => Append.To($"post/{h.Post}", null, new PostTaken(h.Official, h.Kind, h.From, h.Until), by, time.GetUtcNow()))]);
        await Changed(work);
        return Done.It;
    }

    public async Task<Result<Done>> Leave(Work work, Guid holding, DateOnly on, Actor by)
    {
        var held = await work.One<Row>("select post, official, kind, held_from, held_until from organisation.holding where id = @holding for update", new { holding });
        if (held is null) return Problem.NotFound;
        if (held.HeldUntil <= on) return OrganisationProblems.HoldingOver;
        await work.Execute(on > held.HeldFrom ? "update organisation.holding set held_until = @on where id = @holding" : "delete from organisation.holding where id = @holding", new { holding, on });
        await work.Append($"post/{held.Post}", null, new PostLeft(held.Official, held.Kind, on > held.HeldFrom ? on : held.HeldFrom), by, time.GetUtcNow());
        await Changed(work);
        return Done.It;
    }

    public async Task<int> LeaveAll(Work work, Guid official, DateOnly on, Actor by, string? post = null)
    {
        var running = await work.Query<Guid>("select id from organisation.holding where official = @official and (@post::text is null or post = @post) and (held_until is null or held_until > @on) order by id", new { official, post, on });
        foreach (var holding in running) await Leave(work, holding, on, by);
        return running.Count;
    }

    /// <summary>Other nodes see the new revision and read anew.</summary>
    private static Task Changed(Work work) => work.Execute("update organisation.revision set revision = revision + 1");

    private Check Faults(IReadOnlyList<Holding> holdings)
    {
        var check = new Check();
        foreach (var (h, i) in holdings.Select((h, i) => (h, i)))
        {
            check.That(directory.Post(h.Post) is not null, $"/{i}/post", "post-unknown", h.Post);
            check.That(Kinds.Contains(h.Kind), $"/{i}/kind", "not-a-choice");
            check.That(h.Kind != "delegated" || h.Until is not null, $"/{i}/until", "required");
            check.That(h.Until is null || h.Until > h.From, $"/{i}/until", "date-too-early", h.From.AddDays(1));
        }

        return check;
    }

    private static string? OverlapWithin(IReadOnlyList<Holding> holdings) => holdings.GroupBy(h => h.Post, StringComparer.Ordinal)
        .FirstOrDefault(g => g.Any(a => g.Any(b => !ReferenceEquals(a, b) && (a.Kind == "substantive" && b.Kind == "substantive" || a.Official == b.Official) && a.From < (b.Until ?? DateOnly.MaxValue) && b.From < (a.Until ?? DateOnly.MaxValue))))?.Key;

    private sealed record Row(string Post, Guid Official, string Kind, DateOnly HeldFrom, DateOnly? HeldUntil);
}
