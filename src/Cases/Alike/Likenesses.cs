using System.Text.Json.Nodes;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Alike;

/// <summary>Another grievance that seems to be about the same matter.</summary>
/// <param name="Percent">Share of common words, by the sketches.</param>
/// <param name="Metres">Between the two points, where both are known.</param>
internal sealed record AlikeGrievance(Guid Id, string Reference, string State, DateOnly FiledOn, int Percent, int? Metres, int Joined);

/// <summary>Finds duplicates by subject, place, nearness and likeness of text, without opening anybody's seal.</summary>
internal sealed class Likenesses(Database database, Vault vault, TimeProvider time)
{
    /// <summary>Older ones are another matter.</summary>
    private const int Days = 90;

    private const int Most = 300;
    private const double Near = 500;

    /// <summary>Words of this share in common are a likeness by themselves; near to each other, less is enough.</summary>
    private const double Same = 0.35, SameWhenNear = 0.15;

    private const string Candidates = """
        select g.case_id as id, c.reference, c.state, c.post, g.filed_on, g.lat, g.lon, g.sketch, c.applicant, (select count(*)::int from cases."case" j where j.head = c.id) as joined
        from cases.grievance g join cases."case" c on c.id = g.case_id
        where g.subject = @subject and g.filed_on >= @since and c.head is null and c.state in ('open', 'query') and (g.place = @place or (g.lat between @lat - 0.006 and @lat + 0.006 and g.lon between @lon - 0.008 and @lon + 0.008))
        order by g.filed_on desc, g.case_id limit @most
        """;

    /// <summary>Open ones like this one on the same post, which alone can join them; the likest first.</summary>
    public async Task<IReadOnlyList<AlikeGrievance>> Of(Guid id, string post, CancellationToken ct)
    {
        var own = await database.One<Row>("""select g.case_id as id, g.subject, g.place, g.lat, g.lon, g.sketch from cases.grievance g where g.case_id = @id""", new { id }, ct);
        return own is null ? [] : await Find(own.Subject, own.Place, own.Point, own.Sketch, r => r.Id != id && r.Post == post, ct);
    }

    /// <summary>How many of other people's.</summary>
    public async Task<int> Count(string subject, string place, JsonObject answers, Guid citizen, CancellationToken ct)
    {
        var marks = GrievanceMarks.Of(answers, vault, null);
        return (await Find(subject, place, marks.Point, marks.Sketch, r => r.Applicant != citizen, ct)).Count;
    }

    private async Task<IReadOnlyList<AlikeGrievance>> Find(string subject, string place, MapPoint? point, int[] sketch, Func<Row, bool> wanted, CancellationToken ct)
    {
        var since = Ist.Today(time).AddDays(-Days);
        var rows = await database.Query<Row>(Candidates, new { subject, place, since, lat = point?.Latitude, lon = point?.Longitude, most = Most }, ct);
        return [.. rows.Where(wanted).Select(r => (Row: r, Alike: GrievanceMarks.Alike(sketch, r.Sketch), Metres: point is not null && r.Point is not null ? point.To(r.Point) : (double?)null))
            .Where(r => r.Alike >= Same || (r.Metres <= Near && r.Alike >= SameWhenNear))
            .OrderByDescending(r => r.Alike).ThenBy(r => r.Metres ?? double.MaxValue).Take(20)
            .Select(r => new AlikeGrievance(r.Row.Id, r.Row.Reference, r.Row.State, r.Row.FiledOn, (int)Math.Round(r.Alike * 100), r.Metres is { } m ? (int)m : null, r.Row.Joined))];
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Reference { get; init; } = "";

        public string State { get; init; } = "";

        public string? Post { get; init; }

        public string Subject { get; init; } = "";

        public string Place { get; init; } = "";

        public Guid Applicant { get; init; }

        public DateOnly FiledOn { get; init; }

        public double? Lat { get; init; }

        public double? Lon { get; init; }

        public int[] Sketch { get; init; } = [];

        public int Joined { get; init; }

        public MapPoint? Point => Lat is { } lat && Lon is { } lon ? MapPoint.Of(lat, lon) : null;
    }
}
