using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Rollout;

/// <summary>What has come on board, counted. A file that a user moved is his first; an office is live once a file was moved in it.</summary>
internal sealed record Tally(int Users, int Offices, int Posts, int Mails, int Vpn, int Trained, int Invited, int SignedIn, int Moved, int Live)
{
    public static readonly Tally None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static Tally operator +(Tally a, Tally b) =>
        new(a.Users + b.Users, a.Offices + b.Offices, a.Posts + b.Posts, a.Mails + b.Mails, a.Vpn + b.Vpn, a.Trained + b.Trained, a.Invited + b.Invited, a.SignedIn + b.SignedIn, a.Moved + b.Moved, a.Live + b.Live);
}

/// <param name="Place">Null for what lies at the place itself or above its parts.</param>
/// <param name="Apportioned">The targets of this row are shares of the whole's, not its own.</param>
internal sealed record BoardRow(Place? Place, Tally Tally, int? UserTarget, int? OfficeTarget, bool Apportioned);

internal sealed record PublishedFigure(string Measure, int? Published, decimal? Percent, int? Target, DateOnly? AsOf, string Source);

/// <param name="Phases">By phase; 0 holds those who came after the phases, by the identity system.</param>
internal sealed record BoardView(Place Place, BoardRow Whole, IReadOnlyList<BoardRow> Rows, IReadOnlyList<(int Phase, Tally Tally)> Phases, IReadOnlyList<PublishedFigure> Published);

/// <summary>The state of the rollout, from the entries themselves at the moment of asking.</summary>
internal sealed class Board(Database database, OrganisationDirectory directory)
{
    public async Task<BoardView?> Of(string? code, CancellationToken ct)
    {
        var root = directory.OfKind("ut").FirstOrDefault() ?? directory.OfKind("state").FirstOrDefault();
        if (root is null || (code is null ? root : directory.Place(code)) is not { } place || place.Kind is not ("ut" or "state" or "district")) return null;
        var counted = await database.Query<Counted>("""
            select o.kind, o.phase, o.place, count(*)::int as n, (count(*) filter (where o.training = 'done'))::int as trained, (count(*) filter (where o.invited_at is not null))::int as invited,
              (count(f.signed_in_at))::int as signed_in, (count(f.moved_at))::int as moved
            from organisation.onboarding o left join organisation.onboarding_first f on f.subject = case o.kind when 'user' then o.official::text when 'office' then o.key end
            where o.ended_on is null group by o.kind, o.phase, o.place
            """, ct: ct);
        var targets = (await database.Query<Target>("select measure, place, published, percent, target as of, as_of, source from organisation.onboarding_target", ct: ct)).ToDictionary(t => (t.Measure, t.Place));
        var within = counted.Where(c => c.Place == place.Code || directory.Covers(place.Code, c.Place)).ToArray();
        var parts = place == root ? directory.OfKind("district") : directory.Children(place.Code, "tehsil");
        var byPart = within.ToLookup(c => directory.PlaceAndAncestors(c.Place).FirstOrDefault(a => parts.Any(p => p.Code == a)));
        int?[] users = Targets("user", root, place, parts, targets), offices = Targets("office", root, place, parts, targets);
        var rows = parts.Select((p, i) => Row(p, byPart[p.Code], users[i], offices[i], targets)).Append(Row(null, byPart[null], users[^1], offices[^1], targets)).ToArray();
        var whole = new BoardRow(place, Sum(within), Whole("user", root, place, targets), Whole("office", root, place, targets), place != root && !targets.ContainsKey(("user", place.Code)));
        return new BoardView(place, whole, rows, [.. within.GroupBy(c => c.Phase).OrderBy(g => g.Key == 0 ? int.MaxValue : g.Key).Select(g => (g.Key, Sum(g)))],
            place == root ? [.. targets.Values.Where(t => t.Place == root.Code && t.Published is not null).Select(t => new PublishedFigure(t.Measure, t.Published, t.Percent, t.Of, t.AsOf, t.Source))] : []);
    }

    /// <summary>Own targets where there are some; else shares of the whole's by how many places (tehsils, blocks, urban bodies, itself) each part has. The last is of what belongs to no part.</summary>
    private int?[] Targets(string measure, Place root, Place place, IReadOnlyList<Place> parts, IReadOnlyDictionary<(string, string), Target> targets)
    {
        if (Whole(measure, root, place, targets) is not { } whole) return [.. parts.Select(p => targets.GetValueOrDefault((measure, p.Code))?.Of), null];
        var rest = Places(place).Count(p => !parts.Any(part => part.Code == p.Code || directory.Covers(part.Code, p.Code)));
        var shares = Coverage.Apportion(whole, [.. parts.Select(p => Places(p).Count()), rest]);
        return [.. parts.Select((p, i) => targets.GetValueOrDefault((measure, p.Code))?.Of ?? shares[i]), shares[^1]];
    }

    private int? Whole(string measure, Place root, Place place, IReadOnlyDictionary<(string, string), Target> targets)
    {
        if (targets.GetValueOrDefault((measure, place.Code))?.Of is { } own) return own;
        if (place == root) return null;
        var districts = directory.OfKind("district");
        for (var i = 0; i < districts.Count; i++)
            if (districts[i].Code == place.Code) return Targets(measure, root, root, districts, targets)[i];
        return null;
    }

    private IEnumerable<Place> Places(Place place) => directory.Now.Places.Where(p => p.Code == place.Code || directory.Covers(place.Code, p.Code));

    private static BoardRow Row(Place? place, IEnumerable<Counted> counted, int? users, int? offices, Dictionary<(string, string), Target> targets) =>
        new(place, Sum(counted), users, offices, place is null || !targets.ContainsKey(("user", place.Code)));

    private static Tally Sum(IEnumerable<Counted> counted) => counted.Aggregate(Tally.None, (sum, c) => sum + (c.Kind switch
    {
        "user" => Tally.None with { Users = c.N, Trained = c.Trained, Invited = c.Invited, SignedIn = c.SignedIn, Moved = c.Moved },
        "office" => Tally.None with { Offices = c.N, Live = c.Moved },
        "post" => Tally.None with { Posts = c.N },
        "mail" => Tally.None with { Mails = c.N },
        _ => Tally.None with { Vpn = c.N },
    }));

    private sealed record Counted(string Kind, int Phase, string Place, int N, int Trained, int Invited, int SignedIn, int Moved);

    private sealed record Target(string Measure, string Place, int? Published, decimal? Percent, int? Of, DateOnly? AsOf, string Source);
}
