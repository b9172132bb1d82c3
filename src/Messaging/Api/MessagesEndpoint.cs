using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;

namespace Sahulat.Messaging.Api;

/// <summary><c>POST /api/v1/messages</c> and what follows from it.</summary>
internal static class MessagesEndpoint
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const int MaxBody = 64 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/messages").AllowAnonymous().DisableAntiforgery();
        group.MapPost("", Post);
        group.MapGet("{id:guid}", Get);
        group.MapGet("", List);
    }

    /// <summary>The client of the key in <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
    public static async ValueTask<Client?> Client(this HttpContext http, ServiceKeys keys, CancellationToken ct)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var key = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : http.Request.Headers["X-Api-Key"].ToString();
        return key.Length == 0 ? null : await keys.Find(key, ct);
    }

    public static bool IdempotencyKey(this HttpContext http, out string key)
    {
        key = http.Request.Headers["Idempotency-Key"].ToString();
        return key is { Length: >= 8 and <= 200 } && !key.Any(char.IsControl);
    }

    private static async Task<IResult> Post(HttpContext http, ServiceKeys keys, Preparation preparation, AcceptBatch accept, Limits limits, MessageView view, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        if (!http.IdempotencyKey(out var key)) return MessageProblems.KeyMissing.ToResult(http);
        var body = await ReadBody(http.Request, MaxBody, ct);
        if (!body.Ok) return body.Problem.ToResult(http);
        var root = Parse(body.Value.Span);
        if (!root.Ok) return root.Problem.ToResult(http);
        var request = RequestReading.Message(root.Value);
        if (!request.Ok) return request.Problem.ToResult(http);
        var prepared = await preparation.Prepare(client, request.Value, null, key, SHA256.HashData(body.Value.Span), ct);
        if (!prepared.Ok) return prepared.Problem.ToResult(http);
        var message = prepared.Value;
        var abroad = Limits.IsAbroad(message);
        if (await limits.Take(client, abroad, ct) is { } full)
        {
            // A repeated request is answered even where a new one would not be.
            if (await view.Repeated(client.Service, key, message.IdemDigest!, ct) is { } before) return Created(http, before, true);
            http.Response.Headers.RetryAfter = full == MessageProblems.TooFast ? "60" : "3600";
            return full.ToResult(http);
        }

        Result<Accepted> result;
        try
        {
            result = await accept.Accept(message, ct);
        }
        catch
        {
            limits.Back(client, abroad);
            throw;
        }

        if (!result.Ok || result.Value.Replayed) limits.Back(client, abroad);
        if (!result.Ok) return result.Problem.ToResult(http);
        return Created(http, result.Value.Replayed ? (await view.Find(client.Service, result.Value.Id, ct))! : view.Of(message), result.Value.Replayed);
    }

    private static IResult Created(HttpContext http, MessageView.Shown shown, bool replayed)
    {
        http.Response.Headers.Location = $"/api/v1/messages/{shown.Id}";
        if (replayed) http.Response.Headers["Idempotency-Replayed"] = "true";
        // The answer is that of the first time, whatever has become of the message since.
        return Results.Json(shown with { Status = "created", Reason = null, SentAt = null, CompletedAt = null, Provider = null }, Json, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Get(HttpContext http, Guid id, ServiceKeys keys, MessageView view, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        return await view.Find(client.Service, id, ct) is { } found ? Results.Json(found, Json) : Problem.NotFound.ToResult(http);
    }

    /// <summary>By the department's own reference, newest first.</summary>
    private static async Task<IResult> List(HttpContext http, string? reference, Guid? before, int? limit, ServiceKeys keys, MessageView view, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        var found = await view.List(client.Service, reference, null, null, before, Math.Clamp(limit ?? 50, 1, 250), ct);
        return Results.Json(new { messages = found, next = found.Count == 0 ? null : (Guid?)found[^1].Id }, Json);
    }

    public static async Task<Result<ReadOnlyMemory<byte>>> ReadBody(HttpRequest request, int most, CancellationToken ct)
    {
        if (request.ContentLength > most) return MessageProblems.TooLarge;
        var buffer = new byte[(int)Math.Min(request.ContentLength ?? 4096, most) + 1];
        var read = 0;
        while (true)
        {
            var n = await request.Body.ReadAsync(buffer.AsMemory(read), ct);
            if (n == 0) return (ReadOnlyMemory<byte>)buffer.AsMemory(0, read);
            read += n;
            if (read > most) return MessageProblems.TooLarge;
            if (read == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, most + 1));
        }
    }

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static Result<JsonObject> Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            if (!Utf8.IsValid(body) || JsonNode.Parse(body, documentOptions: Strict) is not JsonObject parsed) return MessageProblems.Malformed;
            _ = parsed.Count;
            // Half of a surrogate pair only throws when the text is read.
            if (body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0) _ = parsed.ToJsonString();
            return parsed;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return MessageProblems.Malformed;
        }
    }
}
