using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Feedback.Ask;

/// <summary><c>POST /api/v1/assessments</c>: other departments' systems have a person asked for a rating of what they finished.</summary>
internal static class AskEndpoint
{
    private const int MaxBody = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 6, AllowDuplicateProperties = false };

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/assessments").RequireAuthorization(Policies.System);
        group.MapPost("", Post);
        group.MapGet("{id:guid}", Get);
    }

    private static async Task<IResult> Post(HttpContext http, AskFor ask, CancellationToken ct)
    {
        if (http.Caller() is not SystemCaller system || !system.Scopes.Contains(Policies.AskScope)) return Problem.Forbidden.ToResult(http);
        string? key = http.Request.Headers["Idempotency-Key"];
        if (key is not { Length: >= 8 and <= 200 } || key.Any(char.IsControl)) return FeedbackProblems.KeyMissing.ToResult(http);
        if (!http.Request.HasJsonContentType()) return new Problem("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType).ToResult(http);
        var body = await Read(http.Request, ct);
        if (!body.Ok) return body.Problem.ToResult(http);
        var root = Parse(body.Value);
        if (!root.Ok) return root.Problem.ToResult(http);
        var asked = await ask.Run(system, key, SHA256.HashData(body.Value), root.Value, ct);
        if (!asked.Ok) return asked.Problem.ToResult(http);
        if (asked.Value.Replayed) http.Response.Headers["Idempotency-Replayed"] = "true";
        http.Response.Headers.Location = $"/api/v1/assessments/{asked.Value.Id}";
        return Results.Json(new { asked.Value.Id, asked.Value.ExpiresAt }, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>A system sees what it asked for: how far it got, never who said what.</summary>
    private static async Task<IResult> Get(HttpContext http, Guid id, AskFor ask, CancellationToken ct) =>
        http.Caller() is SystemCaller system && await ask.Find(system.KeyId, id, ct) is { } found
            ? Results.Json(new { found.Id, found.State, found.Sent, found.Delivered, found.Failed, found.ExpiresAt })
            : Problem.NotFound.ToResult(http);

    private static async Task<Result<byte[]>> Read(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBody) return FeedbackProblems.TooLarge;
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await request.Body.ReadAsync(buffer, ct) is > 0 and var n)
        {
            if (body.Length + n > MaxBody) return FeedbackProblems.TooLarge;
            body.Write(buffer, 0, n);
        }

        return body.ToArray();
    }

    private static Result<JsonObject> Parse(byte[] body)
    {
        try
        {
            if (!Utf8.IsValid(body) || JsonNode.Parse(body, documentOptions: Strict) is not JsonObject root) return FeedbackProblems.Malformed;
            // Half of a surrogate pair, or a name that is there twice, only throws when it is read.
            _ = root.ToJsonString();
            return root;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return FeedbackProblems.Malformed;
        }
    }
}
