using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Organisation.Directory;

/// <summary>Serves the snapshot, and looks now and then whether another node has changed the organisation.</summary>
internal sealed class OrganisationDirectory(Database database, TimeProvider time) : IOrganisation, IHostedService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim loading = new(1);
    private Snapshot? snapshot;
    private long lookedAt;

    public Snapshot Now
    {
        get
        {
            if (snapshot is null) Load(CancellationToken.None).GetAwaiter().GetResult();
            else if (time.GetElapsedTime(Interlocked.Read(ref lookedAt)) > Look)
            {
                Interlocked.Exchange(ref lookedAt, time.GetTimestamp());
                _ = Task.Run(() => Load(CancellationToken.None));
            }

            return snapshot!;
        }
    }

    /// <summary>Read before the node serves: a first request must not wait, holding a thread, for the rest of the pool.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Load(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task Load(CancellationToken ct)
    {
        await loading.WaitAsync(ct);
        try
        {
            Interlocked.Exchange(ref lookedAt, time.GetTimestamp());
            var revision = await database.One<long>("select revision from organisation.revision", ct: ct);
            if (snapshot?.Revision == revision) return;
            static LocalText Text(string json) => JsonSerializer.Deserialize<LocalText>(json)!;
            var places = (await database.Query<(string Code, string Kind, string? Parent, string Name)>("select code, kind, parent, name::text from organisation.place where valid_to is null", ct: ct)).Select(p => new Place(p.Code, p.Kind, p.Parent, Text(p.Name))).ToArray();
            var offices = (await database.Query<(string Code, string Kind, string Department, string Place, string? Parent, string Name)>("select code, kind, department, place, parent, name::text from organisation.office where valid_to is null", ct: ct)).Select(o => new Office(o.Code, o.Kind, o.Department, o.Place, o.Parent, Text(o.Name))).ToArray();
            var designations = (await database.Query<(string Code, string Name)>("select code, name::text from organisation.designation", ct: ct)).Select(d => KeyValuePair.Create(d.Code, Text(d.Name))).ToArray();
            var departments = (await database.Query<(string Code, string Name)>("select code, name::text from organisation.department", ct: ct)).Select(d => KeyValuePair.Create(d.Code, Text(d.Name))).ToArray();
            var pins = (await database.Query<(string Pin, string District)>("select pincode, district from organisation.pin_code", ct: ct)).Select(p => KeyValuePair.Create(p.Pin, p.District));
            var holdings = (await database.Query<(string Post, Guid Official, string Kind, DateOnly From, DateOnly? Until)>("select post, official, kind, held_from, held_until from organisation.holding", ct: ct)).Select(h => new Holding(h.Post, h.Official, h.Kind, h.From, h.Until));
            var names = designations.ToDictionary();
            var placeNames = places.ToDictionary(p => p.Code, p => p.Name);
            var posts = (await database.Query<(string Code, string Office, string Designation, string Place, int Rank)>("select code, office, designation, place, rank from organisation.post where valid_to is null order by office, rank", ct: ct))
                .Select(p => new Post(p.Code, p.Office, p.Designation, p.Place, p.Rank == 0, Titled(names[p.Designation], placeNames[p.Place])));
            snapshot = new Snapshot(revision, places, offices, posts, holdings, designations, departments, pins);
        }
        finally
        {
            loading.Release();
        }
    }

    public Place? Place(string code) => Now.Place(code);

    public IReadOnlyList<string> PlaceAndAncestors(string code) => Now.PlaceAndAncestors(code);

    public bool Covers(string ancestor, string place) => Now.PlaceAndAncestors(place).Contains(ancestor);

    public IReadOnlyList<Place> Children(string parent, string kind) => Now.Children(parent, kind);

    public IReadOnlyList<Place> OfKind(string kind) => [.. Now.Places.Where(p => p.Kind == kind).OrderBy(p => p.Name.In(Lang.En), StringComparer.Ordinal)];

    public Post? Post(string code) => Now.Post(code);

    public IReadOnlyList<Post> PostsOfOffice(string office) => Now.PostsOfOffice(office);

    public Office? Office(string code) => Now.Office(code);

    public IReadOnlyList<Post> PostsAt(string place) => Now.PostsAt(place);

    public LocalText Designation(string code) => Now.Designation(code);

    public LocalText Department(string code) => Now.Department(code);

    public PostResolution Resolve(string designation, string place, DateOnly on) => Now.Resolve(designation, place, on);

    public IReadOnlyList<Holding> Holders(string post, DateOnly on) => Now.Holders(post, on);

    public IReadOnlyList<string> PostsOf(Guid official, DateOnly on) => Now.PostsOf(official, on);

    public IReadOnlyList<Place> SearchPlaces(string text, string? kind) =>
        [.. Now.Places.Where(p => (kind is null || p.Kind == kind) && p.Name.Values.Any(n => n.Contains(text, StringComparison.OrdinalIgnoreCase))).OrderBy(p => p.Name.In(Lang.En), StringComparer.Ordinal).Take(50)];

    public Place? DistrictOfPin(string pin) => Now.DistrictOfPin(pin) is { } code ? Now.Place(code) : null;

    private static LocalText Titled(LocalText designation, LocalText place) =>
        new(Lang.All.Select(l => KeyValuePair.Create(l.Code, designation.In(l) + (l.RightToLeft ? "، " : ", ") + place.In(l))));
}
