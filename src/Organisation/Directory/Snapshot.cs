using System.Collections.Frozen;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Language;

namespace Sahulat.Organisation.Directory;

/// <summary>The whole organisation in memory, as of one revision. Immutable: a change makes a new one. What has ended is still found by its code, for old cases to name it, but never listed.</summary>
internal sealed class Snapshot
{
    private const string District = "deputy-commissioner";
    private const string Top = "chief-secretary";

    private readonly FrozenDictionary<string, Place> places;
    private readonly Place[] open;
    private readonly FrozenDictionary<string, Office> offices;
    private readonly FrozenDictionary<string, Post> posts;
    private readonly FrozenDictionary<string, string[]> ancestors;
    private readonly ILookup<(string Parent, string Kind), Place> children;
    private readonly ILookup<string, Post> byOffice;
    private readonly ILookup<string, Post> byPlace;
    private readonly ILookup<string, Holding> byPost;
    private readonly ILookup<Guid, Holding> byOfficial;
    private readonly FrozenDictionary<(string Designation, string Place), Post> byDesignation;
    private readonly FrozenDictionary<string, LocalText> designations;
    private readonly FrozenDictionary<string, LocalText> departments;
    private readonly FrozenDictionary<string, string> pins;
    private readonly ILookup<string, Office> officesAt;
    private StandIns? standIns;

    public Snapshot(long revision, IReadOnlyCollection<Place> allPlaces, IReadOnlyCollection<Office> allOffices, IReadOnlyCollection<Post> postsByRank, IReadOnlySet<string> ended, IEnumerable<Holding> holdings, IEnumerable<KeyValuePair<string, LocalText>> designations, IEnumerable<KeyValuePair<string, LocalText>> departments, IEnumerable<KeyValuePair<string, string>> pins, IReadOnlyList<Government> governments)
    {
        (Revision, Governments) = (revision, governments);
        places = allPlaces.ToFrozenDictionary(p => p.Code, StringComparer.Ordinal);
        offices = allOffices.ToFrozenDictionary(o => o.Code, StringComparer.Ordinal);
        open = [.. allPlaces.Where(p => !ended.Contains(p.Code)).OrderBy(p => p.Name.In(Lang.En), StringComparer.Ordinal)];
        posts = postsByRank.ToFrozenDictionary(p => p.Code, StringComparer.Ordinal);
        ancestors = places.Values.ToFrozenDictionary(p => p.Code, p => Ancestors(p).ToArray(), StringComparer.Ordinal);
        children = open.Where(p => p.Parent is not null).ToLookup(p => (p.Parent!, p.Kind));
        officesAt = offices.Values.Where(o => !ended.Contains(o.Code)).OrderBy(o => o.Name.In(Lang.En), StringComparer.Ordinal).ToLookup(o => o.Place, StringComparer.Ordinal);
        var ranked = postsByRank.Where(p => !ended.Contains(p.Code)).ToArray();
        byOffice = ranked.ToLookup(p => p.Office, StringComparer.Ordinal);
        byPlace = ranked.ToLookup(p => p.Place, StringComparer.Ordinal);
        var held = holdings.OrderBy(h => h.Kind == "substantive" ? 0 : h.Kind == "additional" ? 1 : 2).ThenBy(h => h.From).ToArray();
        byPost = held.ToLookup(h => h.Post, StringComparer.Ordinal);
        byOfficial = held.ToLookup(h => h.Official);
        byDesignation = ranked.GroupBy(p => (p.Designation, p.Place)).ToFrozenDictionary(g => g.Key, g => g.First());
        this.designations = designations.ToFrozenDictionary(StringComparer.Ordinal);
        this.departments = departments.ToFrozenDictionary(StringComparer.Ordinal);
        this.pins = pins.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public long Revision { get; }

    public IReadOnlyList<Government> Governments { get; }

    /// <summary>Those that have not ended, by their English names.</summary>
    public IReadOnlyList<Place> Places => open;

    /// <summary>The places that lie in no other: one a government.</summary>
    public IReadOnlyList<Place> Roots => [.. open.Where(p => p.Parent is null)];

    public IEnumerable<Office> OfficesAt(string place) => officesAt[place];

    public Place? Place(string code) => places.GetValueOrDefault(code);

    public Office? Office(string code) => offices.GetValueOrDefault(code);

    public Post? Post(string code) => posts.GetValueOrDefault(code);

    public IReadOnlyList<string> PlaceAndAncestors(string code) => ancestors.GetValueOrDefault(code) ?? [];

    public IReadOnlyList<Place> Children(string parent, string kind) => [.. children[(parent, kind)]];

    public IReadOnlyList<Post> PostsOfOffice(string office) => [.. byOffice[office]];

    public IReadOnlyList<Post> PostsAt(string place) => [.. byPlace[place]];

    public LocalText Designation(string code) => designations.GetValueOrDefault(code) ?? Plain(code);

    public IReadOnlyDictionary<string, LocalText> Designations => designations;

    public IReadOnlyDictionary<string, LocalText> Departments => departments;

    public LocalText Department(string code) => departments.GetValueOrDefault(code) ?? Plain(code);

    public string? DistrictOfPin(string pin) => pins.GetValueOrDefault(pin);

    public IReadOnlyList<Holding> Holders(string post, DateOnly on) => [.. byPost[post].Where(h => Runs(h, on))];

    public IReadOnlyList<string> PostsOf(Guid official, DateOnly on) => [.. byOfficial[official].Where(h => Runs(h, on)).Select(h => h.Post).Distinct()];

    public PostResolution Resolve(string designation, string place, DateOnly on)
    {
        var wanted = PlaceAndAncestors(place).Select(p => byDesignation.GetValueOrDefault((designation, p))).FirstOrDefault(p => p is not null);
        if (wanted is not null && Filled(wanted, on)) return new PostResolution(wanted.Code, wanted.Code, "found");
        return new PostResolution(Above(wanted, place).FirstOrDefault(p => Filled(p, on))?.Code, wanted?.Code, wanted is null ? "missing" : "vacant");
    }

    public IReadOnlyList<string> StandsInFor(string post, DateOnly on)
    {
        if (standIns is not { } known || known.On != on)
            standIns = known = new StandIns(on, posts.Values.Where(p => !Filled(p, on)).Select(p => (Vacant: p.Code, Took: Above(p, p.Place).FirstOrDefault(other => Filled(other, on))?.Code)).Where(p => p.Took is not null).ToLookup(p => p.Took!, p => p.Vacant, StringComparer.Ordinal));
        return [.. known.ByTaker[post]];
    }

    private static bool Runs(Holding holding, DateOnly on) => holding.From <= on && (holding.Until is null || on < holding.Until);

    private static LocalText Plain(string code) => new() { ["en"] = code };

    private bool Filled(Post post, DateOnly on) => byPost[post.Code].Any(h => Runs(h, on));

    /// <summary>Who is asked in turn when the wanted post has no holder, or is missing.</summary>
    private IEnumerable<Post> Above(Post? wanted, string place) =>
        (wanted is null ? [] : AboveIn(wanted))
            .Concat(Named(District, place))
            .Concat(Named("divisional-commissioner", place))
            .Concat(Named(Top, place))
            .Concat(PlaceAndAncestors(place).SelectMany(p => byPlace[p]).OrderByDescending(p => p.Head));

    private IEnumerable<Post> Named(string designation, string place) =>
        PlaceAndAncestors(place).Select(p => byDesignation.GetValueOrDefault((designation, p))).OfType<Post>();

    /// <summary>Same office in order of rank, then the parent offices.</summary>
    private IEnumerable<Post> AboveIn(Post post)
    {
        for (var office = Office(post.Office); office is not null; office = office.Parent is null ? null : Office(office.Parent))
            foreach (var other in byOffice[office.Code].Where(p => p.Code != post.Code)) yield return other;
    }

    private IEnumerable<string> Ancestors(Place place)
    {
        for (var p = place; p is not null; p = p.Parent is null ? null : places.GetValueOrDefault(p.Parent)) yield return p.Code;
    }

    /// <summary>Vacant posts by the post that took their work, of one day: worked out once.</summary>
    private sealed record StandIns(DateOnly On, ILookup<string, string> ByTaker);
}
