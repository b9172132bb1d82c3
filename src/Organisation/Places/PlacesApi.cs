using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Load;

namespace Sahulat.Organisation.Places;

/// <summary>Places for other systems and for forms: public, and kept by caches until the organisation changes.</summary>
internal static class PlacesApi
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var places = app.MapGroup("/api/v1/places");
        places.MapGet("", List);
        places.MapGet("/{code}", One);
    }

    private static IResult List(HttpContext http, OrganisationDirectory directory, string? kind, string? parent, string? q, string? pin)
    {
        var check = new Check();
        check.That(kind is null || PackTables.Kinds.Contains(kind), "kind", "not-a-choice");
        check.That(parent is null || directory.Place(parent) is not null, "parent", "not-a-choice");
        check.That(q is null || q.Length <= 100, "q", "too-long", 100);
        check.That(pin is null || (pin.Length == 6 && pin.All(char.IsAsciiDigit)), "pin", "not-a-pin");
        if (!check.Ok) return check.ToProblem().ToResult(http);
        if (Unchanged(http, directory)) return Results.StatusCode(StatusCodes.Status304NotModified);
        var found = pin is not null
            ? (directory.DistrictOfPin(pin) is { } district ? [district] : [])
            : directory.Now.Places.Where(p => (kind is null || p.Kind == kind)
                && (parent is null || (p.Code != parent && directory.Covers(parent, p.Code)))
                && (q is null || p.Name.Values.Any(n => n.Contains(q.Trim(), StringComparison.OrdinalIgnoreCase))));
        return Results.Ok(new { places = found.Take(Most).Select(Shown) });
    }

    private static IResult One(HttpContext http, OrganisationDirectory directory, string code)
    {
        if (directory.Place(code) is not { } place) return Problem.NotFound.ToResult(http);
        if (Unchanged(http, directory)) return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Ok(new { place = Shown(place), within = directory.PlaceAndAncestors(code).Skip(1).Select(directory.Place).OfType<Place>().Select(Shown) });
    }

    private static PlaceJson Shown(Place place) => new(place.Code, place.Kind, place.Parent, place.Name);

    /// <summary>The revision is the version of every answer.</summary>
    private static bool Unchanged(HttpContext http, OrganisationDirectory directory)
    {
        var tag = $"\"{directory.Now.Revision}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "public, max-age=300";
        return http.Request.Headers[HeaderNames.IfNoneMatch] == tag;
    }

    private sealed record PlaceJson(string Code, string Kind, string? Parent, LocalText Name);
}
