using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Open311;

/// <summary>Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): city apps of others file and follow grievances.</summary>
internal static class Endpoints
{
    private const int MaxBody = 256 * 1024;

    /// <summary>The required attribute by which a place is named: no table of coordinates is official.</summary>
    public const string Place = "place";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/open311/discovery.{format}", Discovery);
        var api = app.MapGroup("/open311/v2");
        api.MapGet("services.{format}", Services);
        api.MapGet("services/{code}.{format}", Definition);
        api.MapGet("requests.{format}", List);
        api.MapGet("requests/{id}.{format}", One);
        api.MapPost("requests.{format}", Post).DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        api.MapGet("tokens/{token}.{format}", Token);
        api.MapGet("{**rest}", (HttpContext http) => Answers.Error(http.Request.Path.Value?.EndsWith(".xml", StringComparison.Ordinal) == true ? "xml" : "json", 404, "There is no such resource, or its format is neither json nor xml"));
    }

    /// <summary>What is wrong with the address itself; null when nothing is.</summary>
    private static IResult? Refused(HttpContext http, string format) => format is "json" or "xml" ? Refused(http, format, Jurisdiction(http)) : Answers.Error("json", 404, "The formats are json and xml");

    private static IResult? Refused(HttpContext http, string format, string? jurisdiction)
    {
        var known = http.RequestServices.GetRequiredService<IOrganisation>().Governments.Select(g => g.Code).ToArray();
        return jurisdiction is null || known.Contains(jurisdiction) ? null : Answers.Error(format, 404, $"jurisdiction_id provided was not found: known here: {string.Join(", ", known)}");
    }

    /// <summary>The government whose subjects are meant, by the code of its pack; null: all that are served here.</summary>
    private static string? Jurisdiction(HttpContext http) => http.Request.Query["jurisdiction_id"].ToString() is { Length: > 0 } asked ? asked : null;

    private static IResult Discovery(HttpContext http, string format)
    {
        if (Refused(http, format) is { } refused) return refused;
        var site = $"{http.Request.Scheme}://{http.Request.Host}";
        return Answers.Of(format, "discovery", new JsonObject
        {
            ["changeset"] = Changed,
            ["contact"] = $"{site}/en/contact",
            ["key_service"] = $"{site}/en/contact",
            ["endpoints"] = new JsonArray(new JsonObject
            {
                ["specification"] = "http://wiki.open311.org/GeoReport_v2",
                ["url"] = $"{site}/open311/v2",
                ["changeset"] = Changed,
                ["type"] = "production",
                ["formats"] = new JsonArray("text/xml", "application/json"),
            }),
        });
    }

    private const string Changed = "2026-11-25T00:00:00Z";

    private static IResult Services(HttpContext http, string format, IServiceDirectory services, IOrganisation organisation, TimeProvider time)
    {
        if (Refused(http, format) is { } refused) return refused;
        var lang = Language(http);
        return Answers.Of(format, "services", new JsonArray([.. Open(services, Jurisdiction(http), time).Select(s => new JsonObject
        {
            ["service_code"] = s.Code,
            ["service_name"] = s.Name.In(lang),
            ["description"] = s.Name.In(lang),
            ["metadata"] = true,
            ["type"] = "realtime",
            ["keywords"] = string.Join(", ", s.Keywords.GetValueOrDefault(lang.Code) ?? []),
            ["group"] = organisation.Department(s.Department).In(lang),
        })]));
    }

    private static IResult Definition(HttpContext http, string code, string format, IServiceDirectory services, IOrganisation organisation, TimeProvider time)
    {
        if (Refused(http, format) is { } refused) return refused;
        if (Open(services, Jurisdiction(http), time).FirstOrDefault(s => s.Code == code) is not { } service) return Answers.Error(format, 404, "service_code provided was not found");
        var lang = Language(http);
        var attributes = new JsonArray(new JsonObject
        {
            ["variable"] = true, ["code"] = Place, ["datatype"] = "singlevaluelist", ["required"] = true, ["datatype_description"] = "", ["order"] = 1, ["description"] = $"{service.PlaceLevel} (LGD)",
            ["values"] = new JsonArray([.. Draft.StartModel.PlacesOf(organisation, service, lang).Select(p => new JsonObject { ["key"] = p.Value, ["name"] = p.Label })]),
        });
        foreach (var field in Own(service))
            attributes.Add(new JsonObject { ["variable"] = true, ["code"] = field.Name, ["datatype"] = "string", ["required"] = field.Required, ["datatype_description"] = field.Hint?.In(lang) ?? "", ["order"] = attributes.Count + 1, ["description"] = field.Label.In(lang) });
        return Answers.Of(format, "service_definition", new JsonObject { ["service_code"] = code, ["attributes"] = attributes });
    }

    private static async Task<IResult> List(HttpContext http, string format, RequestsShown shown, ISystems systems, CancellationToken ct)
    {
        if (Refused(http, format) is { } refused) return refused;
        var asked = RequestsAsked.Read(http.Request.Query);
        if (asked.Faults.Count > 0) return Answers.Error(format, 400, [.. asked.Faults]);
        return Answers.Of(format, "service_requests", await shown.List(asked, Jurisdiction(http), await Key(http, systems, null, ct) as SystemCaller, Language(http), ct));
    }

    private static async Task<IResult> One(HttpContext http, string id, string format, RequestsShown shown, ISystems systems, CancellationToken ct)
    {
        if (Refused(http, format) is { } refused) return refused;
        var found = Reference.Parse(id, out _) is { } reference ? await shown.List(RequestsAsked.Of(reference), null, await Key(http, systems, null, ct) as SystemCaller, Language(http), ct) : [];
        return found.Count == 0 ? Answers.Error(format, 404, "service_request_id provided was not found") : Answers.Of(format, "service_requests", found);
    }

    private static async Task<IResult> Token(HttpContext http, string token, string format, RequestsShown shown, CancellationToken ct)
    {
        if (Refused(http, format) is { } refused) return refused;
        var reference = Guid.TryParseExact(token, "N", out var id) ? await shown.Reference(id, ct) : null;
        return reference is null ? Answers.Error(format, 404, "token provided was not found") : Answers.Of(format, "service_requests", new JsonArray(new JsonObject { ["service_request_id"] = reference, ["token"] = token }));
    }

    private static async Task<IResult> Post(HttpContext http, string format, RequestPost post, ISystems systems, CancellationToken ct)
    {
        if (Refused(http, format) is { } refused) return refused;
        if (!http.Request.HasFormContentType) return Answers.Error(format, 415, "Send a form: application/x-www-form-urlencoded or multipart/form-data");
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(ct);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Answers.Error(format, 413, $"At most {MaxBody / 1024} kB");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or BadHttpRequestException)
        {
            return Answers.Error(format, 400, "The form cannot be read");
        }

        var jurisdiction = form["jurisdiction_id"].ToString() is { Length: > 0 } asked ? asked : Jurisdiction(http);
        if (Refused(http, format, jurisdiction) is { } unknown) return unknown;
        return await Key(http, systems, form["api_key"], ct) is SystemCaller system && system.Scopes.Contains(Policies.FileScope)
            ? await post.File(format, form, jurisdiction, system, Language(http), ct)
            : Answers.Error(format, 403, "Missing or invalid api_key specified, or it may not file");
    }

    public static IEnumerable<ServiceVersion> Open(IServiceDirectory services, string? jurisdiction, TimeProvider time) => services.Grievances(Ist.Today(time)).Where(s => s.Grievance!.Instead is null && (jurisdiction is null || s.Pack == jurisdiction));

    /// <summary>A subject's own questions, beside those that all have and the standard names differently.</summary>
    public static IEnumerable<FormField> Own(ServiceVersion service) => service.Form!.Pages.SelectMany(p => p.Fields).Where(f => f.Type == FieldType.Text && f.Name is not ("happened" or "address" or "location" or "full_name"));

    private static Lang Language(HttpContext http) => Lang.Find(http.Request.Query["lang"]) ?? Lang.En;

    /// <summary>By <c>api_key</c>, as the standard has it, or by the header that the other interfaces take.</summary>
    private static async Task<Caller> Key(HttpContext http, ISystems systems, string? written, CancellationToken ct)
    {
        var key = !string.IsNullOrEmpty(written) ? written : http.Request.Query["api_key"].ToString() is { Length: > 0 } inQuery ? inQuery : null;
        if (key is not null) return await systems.Find(key, ct) is { } user ? user.Caller() : AnonymousCaller.Instance;
        return http.Request.Headers.TryGetValue("X-Api-Key", out var header) && await systems.Find(header.ToString(), ct) is { } known ? known.Caller() : AnonymousCaller.Instance;
    }
}
