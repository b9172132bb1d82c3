using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>A refusal as <c>application/problem+json</c> (RFC 9457), in the language of Accept-Language.</summary>
public static class ApiProblems
{
    // Arabic and Devanagari travel as themselves: a third of the size of escapes.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static IResult ToResult(this Problem problem, HttpContext http)
    {
        var texts = http.RequestServices.GetRequiredService<Texts>();
        http.Response.Headers.ContentLanguage = texts.Lang.Code;
        var body = new Body(
            $"urn:sahulat:problem:{problem.Code}",
            texts.Problem(problem),
            problem.Status,
            problem.Code,
            problem.Faults.Count == 0 ? null : [.. problem.Faults.Select(f => new Error(f.Pointer.StartsWith('/') || f.Pointer == "" ? f.Pointer : "/" + f.Pointer, f.Code, texts.Fault(f)))]);
        return Results.Json(body, Json, "application/problem+json", problem.Status);
    }

    private sealed record Body(string Type, string Title, int Status, string Code, IReadOnlyList<Error>? Errors);

    private sealed record Error(string Pointer, string Code, string Detail);
}
