using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Submit;

/// <summary><c>POST /api/v1/cases</c>: other systems file for their users.</summary>
internal static class SubmitEndpoint
{
    private const int MaxBody = 64 * 1024;
    internal static readonly JsonDocumentOptions Strict = new() { MaxDepth = 12, AllowDuplicateProperties = false };

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/cases").RequireAuthorization(Policies.System);
        group.MapPost("", Post);
        group.MapGet("{reference}", Get);
        group.MapGet("{reference}/clock", Clock);
        group.MapGet("{reference}/proof", Proof);
    }

    private static async Task<IResult> Post(HttpContext http, CaseIntake intake, CancellationToken ct)
    {
        if (http.Caller() is not SystemCaller system || !system.Scopes.Contains(Policies.FileScope)) return Problem.Forbidden.ToResult(http);
        string? key = http.Request.Headers["Idempotency-Key"];
        if (key is not { Length: >= 8 and <= 200 } || key.Any(char.IsControl)) return CaseProblems.KeyMissing.ToResult(http);
        var body = await ReadBody(http.Request, ct);
        if (!body.Ok) return body.Problem.ToResult(http);
        var request = Parse(body.Value);
        if (!request.Ok) return request.Problem.ToResult(http);
        var result = await intake.Submit(request.Value, system.Actor, null, new Idempotency(system.KeyId, key, SHA256.HashData(body.Value.Span)), null, ct);
        if (!result.Ok) return result.Problem.ToResult(http);
        var receipt = result.Value;
        http.Response.Headers.Location = $"/api/v1/cases/{receipt.Reference}";
        return Results.Json(Answer(receipt), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Get(HttpContext http, string reference, Database database, CancellationToken ct)
    {
        var found = await Own(http, reference, database, ct);
        return found is null ? Problem.NotFound.ToResult(http) : Results.Json(new { found.Reference, found.State, found.FiledAt, found.CompleteOn, found.DueOn, found.DecidedOn, found.Outcome, found.Missing });
    }

    private static async Task<IResult> Clock(HttpContext http, string reference, Ledgers ledgers, Database database, CancellationToken ct) =>
        await Own(http, reference, database, ct) is { } found ? Results.Json(await ledgers.Of(found, ct)) : Problem.NotFound.ToResult(http);

    private static async Task<IResult> Proof(HttpContext http, string reference, Database database, IReceipts receipts, CancellationToken ct) =>
        await Own(http, reference, database, ct) is { } found ? await Requests.ProofDownload.Of(http, found.Id, found.Reference, receipts, ct) : Problem.NotFound.ToResult(http);

    /// <summary>A system sees what it filed, and nothing else.</summary>
    private static async Task<CaseStore.Row?> Own(HttpContext http, string reference, Database database, CancellationToken ct)
    {
        if (http.Caller() is not SystemCaller system || Reference.Parse(reference, out _) is not { } parsed) return null;
        return await database.One<CaseStore.Row>("""select id, reference, type, state, service, service_version, law, law_version, place, applicant, filed_at, complete_on, due_on, decided_on, outcome, missing from cases."case" where reference = @parsed and filed_by = @by""", new { parsed, by = system.Actor.Token }, ct);
    }

    private static object Answer(Receipt r) => new { r.Id, r.Reference, shown = Reference.Show(r.Reference), r.State, r.FiledOn, r.CompleteOn, r.DueOn, r.Missing, clock = $"/api/v1/cases/{r.Reference}/clock" };

    internal static async Task<Result<ReadOnlyMemory<byte>>> ReadBody(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType()) return new Problem("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType);
        if (request.ContentLength > MaxBody) return CaseProblems.TooLarge;
        var buffer = new byte[(int)Math.Min(request.ContentLength ?? MaxBody, MaxBody) + 1];
        var read = 0;
        while (true)
        {
            var n = await request.Body.ReadAsync(buffer.AsMemory(read), ct);
            if (n == 0) return (ReadOnlyMemory<byte>)buffer.AsMemory(0, read);
            read += n;
            if (read == buffer.Length && read > MaxBody) return CaseProblems.TooLarge;
            if (read == buffer.Length) Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaxBody + 1));
        }
    }

    private static Result<SubmitRequest> Parse(ReadOnlyMemory<byte> body)
    {
        JsonObject root;
        try
        {
            if (JsonNode.Parse(body.Span, documentOptions: Strict) is not JsonObject parsed) return CaseProblems.Malformed;
            root = parsed;
            _ = root.Count;
            if (!System.Text.Unicode.Utf8.IsValid(body.Span)) return CaseProblems.Malformed;
            // Half of a surrogate pair passes the parser and only throws when the text is read: read all texts where one may be.
            if (body.Span.IndexOf("\\ud"u8) >= 0 || body.Span.IndexOf("\\uD"u8) >= 0) ReadTexts(root);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return CaseProblems.Malformed;
        }

        var check = new Check();
        foreach (var (name, _) in root) check.That(name is "service" or "place" or "applicant" or "answers", "/" + name, "unknown-field");
        var service = Text(root, "service", "/service", check);
        var place = Text(root, "place", "/place", check);
        string? mobile = null;
        var lang = Lang.En;
        if (root["applicant"] is JsonObject applicant)
        {
            foreach (var (name, _) in applicant) check.That(name is "mobile" or "lang", "/applicant/" + name, "unknown-field");
            mobile = Mobile.Normalise(Text(applicant, "mobile", "/applicant/mobile", check));
            check.That(mobile is not null, "/applicant/mobile", "not-a-mobile");
            if (applicant["lang"] is { } asked) check.That(asked is JsonValue v && v.TryGetValue<string>(out var code) && Lang.Find(code) is { } known && (lang = known) is not null, "/applicant/lang", "not-a-choice");
        }
        else
        {
            check.That(false, "/applicant", root["applicant"] is null ? "required" : "wrong-type");
        }

        check.That(root["answers"] is JsonObject, "/answers", root["answers"] is null ? "required" : "wrong-type");
        if (!check.Ok) return check.ToProblem();
        var answers = (JsonObject)root["answers"]!;
        root.Remove("answers");
        return new SubmitRequest(service!, place!, null, mobile, lang!, answers);
    }

    internal static void ReadTexts(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, value) in members) ReadTexts(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items) ReadTexts(item);
        }
        else if (node is JsonValue value)
        {
            value.TryGetValue<string>(out _);
        }
    }

    private static string? Text(JsonObject from, string name, string pointer, Check check)
    {
        var node = from[name];
        if (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length is > 0 and <= 100) return text;
        check.That(false, pointer, node is null ? "required" : "wrong-type");
        return null;
    }
}
