using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
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
            snapshot = await database.Write(Read, ct);
        }
        finally
        {
            loading.Release();
        }
    }

    private async Task<Snapshot> Read(Work work)
    {
        // All tables as of one moment.
        await work.Execute("set transaction isolation level repeatable read read only");
        var revision = await work.One<long>("select revision from organisation.revision");
        static LocalText Text(string json) => JsonSerializer.Deserialize<LocalText>(json)!;
        var now = new { today = Ist.Today(time) };
        const string ended = "valid_to is not null and valid_to <= @today as ended";
        var places = await work.Query<(string Code, string Kind, string? Parent, string Name, bool Ended)>($"select code, kind, parent, name::text, {ended} from organisation.place", now);
        var offices = await work.Query<(string Code, string Kind, string Department, string Place, string? Parent, string Name, bool Ended)>($"select code, kind, department, place, parent, name::text, {ended} from organisation.office", now);
        var posts = await work.Query<(string Code, string Office, string Designation, string Place, int Rank, bool Ended)>($"select code, office, designation, place, rank, {ended} from organisation.post order by office, rank", now);
        var designations = (await work.Query<(string Code, string Name)>("select code, name::text from organisation.designation")).ToDictionary(d => d.Code, d => Text(d.Name), StringComparer.Ordinal);
        var departments = (await work.Query<(string Code, string Name)>("select code, name::text from organisation.department")).ToDictionary(d => d.Code, d => Text(d.Name), StringComparer.Ordinal);
        var pins = (await work.Query<(string Pin, string District)>("select pincode, district from organisation.pin_code where valid_to is null")).Select(p => KeyValuePair.Create(p.Pin, p.District));
        var holdings = (await work.Query<(string Post, Guid Official, string Kind, DateOnly From, DateOnly? Until)>("select post, official, kind, held_from, held_until from organisation.holding")).Select(h => new Holding(h.Post, h.Official, h.Kind, h.From, h.Until));
        var governments = (await work.Query<(string Code, string Mark, string? Root, string Title)>("select code, mark, root, title::text from organisation.government order by code")).Select(g => new Government(g.Code, g.Mark, g.Root, Text(g.Title)));
        var names = places.ToDictionary(p => p.Code, p => Text(p.Name), StringComparer.Ordinal);
        return new Snapshot(
            revision,
            [.. places.Select(p => new Place(p.Code, p.Kind, p.Parent, names[p.Code]))],
            [.. offices.Select(o => new Office(o.Code, o.Kind, o.Department, o.Place, o.Parent, Text(o.Name)))],
            [.. posts.Select(p => new Post(p.Code, p.Office, p.Designation, p.Place, p.Rank == 0, Titled(designations[p.Designation], names[p.Place])))],
            places.Where(p => p.Ended).Select(p => p.Code).Concat(offices.Where(o => o.Ended).Select(o => o.Code)).Concat(posts.Where(p => p.Ended).Select(p => p.Code)).ToHashSet(StringComparer.Ordinal),
            holdings, designations, departments, pins, [.. governments]);
    }

    public Place? Place(string code) => Now.Place(code);

    public IReadOnlyList<string> PlaceAndAncestors(string code) => Now.PlaceAndAncestors(code);

    public bool Covers(string ancestor, string place) => Now.PlaceAndAncestors(place).Contains(ancestor);

    public IReadOnlyList<Place> Children(string parent, string kind) => Now.Children(parent, kind);

    public IReadOnlyList<Place> OfKind(string kind) => [.. Now.Places.Where(p => p.Kind == kind)];

    public Post? Post(string code) => Now.Post(code);

    public IReadOnlyList<Post> PostsOfOffice(string office) => Now.PostsOfOffice(office);

    public Office? Office(string code) => Now.Office(code);

    public IReadOnlyList<Post> PostsAt(string place) => Now.PostsAt(place);

    public LocalText Designation(string code) => Now.Designation(code);

    public LocalText Department(string code) => Now.Department(code);

    public IReadOnlyDictionary<string, LocalText> Designations => Now.Designations;

    public IReadOnlyDictionary<string, LocalText> Departments => Now.Departments;

    public PostResolution Resolve(string designation, string place, DateOnly on) => Now.Resolve(designation, place, on);

    public IReadOnlyList<string> StandsInFor(string post, DateOnly on) => Now.StandsInFor(post, on);

    public IReadOnlyList<Holding> Holders(string post, DateOnly on) => Now.Holders(post, on);

    public IReadOnlyList<string> PostsOf(Guid official, DateOnly on) => Now.PostsOf(official, on);

    public IReadOnlyList<Place> SearchPlaces(string text, string? kind) =>
        [.. Now.Places.Where(p => (kind is null || p.Kind == kind) && p.Name.Values.Any(n => n.Contains(text, StringComparison.OrdinalIgnoreCase))).Take(50)];

    public Place? DistrictOfPin(string pin) => Now.DistrictOfPin(pin) is { } code ? Now.Place(code) : null;

    public IReadOnlyList<Government> Governments => Now.Governments;

    public Government? GovernmentOf(string place) => PlaceAndAncestors(place) is var above && Governments.FirstOrDefault(g => g.Root is not null && above.Contains(g.Root)) is { } own ? own : Governments.FirstOrDefault();

    private static LocalText Titled(LocalText designation, LocalText place) =>
        new(Lang.All.Select(l => KeyValuePair.Create(l.Code, designation.In(l) + (l.RightToLeft ? "، " : ", ") + place.In(l))));
}
