using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Sahulat.Catalogue.Find;
using Sahulat.Catalogue.Forms;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Api;

/// <summary>The catalogue for other programs: <c>GET /api/v1/services?q=&amp;lang=</c> and <c>GET /api/v1/services/{code}</c>, with the form so that a client can build it.</summary>
internal static class ServicesApi
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.MapGroup("/api/v1/services");
        services.MapGet("", (HttpContext http, string? q, string? lang, ServiceSearch search) =>
        {
            var reader = Lang.Find(lang);
            if (lang is not null && reader is null) return Problem.Invalid([new Fault("/lang", "not-a-choice")]).ToResult(http);
            return Tagged(http, new { services = search.Find(q).Select(s => Short(s, reader)) });
        });
        services.MapGet("{code}", (HttpContext http, string code, string? lang, IServiceDirectory directory, CompiledForms forms) =>
        {
            var reader = Lang.Find(lang);
            if (lang is not null && reader is null) return Problem.Invalid([new Fault("/lang", "not-a-choice")]).ToResult(http);
            return directory.Find(code, forms.Today()) is { Grievance: null } service ? Tagged(http, Whole(service, reader)) : Problem.NotFound.ToResult(http);
        });
    }

    private static object Short(ServiceVersion s, Lang? lang) => new
    {
        s.Code,
        s.Version,
        name = In(s.Name, lang),
        summary = In(s.Summary, lang),
        s.Department,
        s.Category,
        s.Guaranteed,
        limit_days = s.Limit?.Days,
        s.Online,
    };

    private static object Whole(ServiceVersion s, Lang? lang) => new
    {
        s.Code,
        s.Version,
        s.ValidFrom,
        s.ValidTo,
        name = In(s.Name, lang),
        summary = In(s.Summary, lang),
        s.Department,
        s.Category,
        s.Law,
        s.Guaranteed,
        limit = s.Limit is null ? null : new { s.Limit.Days, counting = s.Limit.Counting.ToString(), s.Limit.Confirmed },
        s.Officers,
        place = s.PlaceLevel,
        s.FeeRupees,
        s.Online,
        s.Row,
        s.Source,
        steps = s.Steps.Select(p => new { p.Code, name = In(p.Name, lang), p.Officer, p.Actions, within = p.WithinDays, p.Parallel }),
        reject_reasons = s.RejectReasons.Select(r => new { r.Code, text = In(r.Text, lang) }),
        form = s.Form is null ? null : new { pages = s.Form.Pages.Select(p => Page(p, lang)), checks = s.Form.Checks.Select(c => Check(c, lang)) },
    };

    private static object Page(FormPage p, Lang? lang) => new
    {
        p.Id,
        title = In(p.Title, lang),
        intro = p.Intro is null ? null : In(p.Intro, lang),
        when = When(p.When),
        fields = p.Fields.Select(f => Field(f, lang)),
        checks = p.Checks.Count == 0 ? null : p.Checks.Select(c => Check(c, lang)),
    };

    private static object Field(FormField f, Lang? lang) => new
    {
        f.Name,
        f.Type,
        label = In(f.Label, lang),
        hint = f.Hint is null ? null : In(f.Hint, lang),
        f.Required,
        when = When(f.When),
        min = (object?)f.Min ?? f.Earliest,
        max = (object?)f.Max ?? f.Latest,
        multiline = f.Multiline ? true : (bool?)null,
        f.Pattern,
        unit = f.Unit is null ? null : In(f.Unit, lang),
        options = f.Options.Count == 0 ? null : f.Options.Select(o => new { o.Code, label = In(o.Label, lang) }),
        many = f.Many ? true : (bool?)null,
        f.Level,
        parts = f.Parts.Count == 0 ? null : f.Parts,
        max_mb = f.Type == FieldType.Document ? f.MaxMegabytes : (int?)null,
        fields = f.Fields.Count == 0 ? null : f.Fields.Select(inner => Field(inner, lang)),
    };

    private static object? When(Condition? when) => when is null ? null : when.Not ? new { when.Field, not = when.AnyOf } : new { when.Field, @in = when.AnyOf };

    private static object Check(FormCheck check, Lang? lang) => new { check.Kind, check.Field, check.Other, text = In(check.Text, lang) };

    /// <summary>One language as a text, or all as an object.</summary>
    private static object In(LocalText text, Lang? lang) => lang is null ? text : text.In(lang);

    private static IResult Tagged(HttpContext http, object body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"");
        http.Response.Headers.CacheControl = "public, max-age=60";
        return Results.Bytes(bytes, "application/json; charset=utf-8", entityTag: tag);
    }
}
