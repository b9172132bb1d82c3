using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.AppealByHand;

/// <summary><c>POST /api/v1/cases/{reference}/appeals</c>: a system appeals for its user against a request that it filed, or against an order on it. <c>{"ground", "reasons", "lateBecause", "papers": [id…]}</c>.
/// 201 when an appeal was filed, 200 when the one that was there already was joined.</summary>
internal static class AppealEndpoint
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/v1/cases/{reference}/appeals", Post).RequireAuthorization(Policies.System);

    private static async Task<IResult> Post(HttpContext http, string reference, FileAppeal appeals, Database database, CancellationToken ct)
    {
        if (http.Caller() is not SystemCaller system || !system.Scopes.Contains(Policies.FileScope)) return Problem.Forbidden.ToResult(http);
        string? key = http.Request.Headers["Idempotency-Key"];
        if (key is not { Length: >= 8 and <= 200 } || key.Any(char.IsControl)) return CaseProblems.KeyMissing.ToResult(http);
        if (Reference.Parse(reference, out _) is not { } parsed || await Own(database, parsed, system.Actor.Token, ct) is not { } id) return Problem.NotFound.ToResult(http);
        var body = await SubmitEndpoint.ReadBody(http.Request, ct);
        if (!body.Ok) return body.Problem.ToResult(http);
        var read = Parse(body.Value);
        if (!read.Ok) return read.Problem.ToResult(http);
        var (words, papers) = read.Value;
        // The same key for another case is another request.
        var once = new Idempotency(system.KeyId, key, SHA256.HashData([.. id.ToByteArray(), .. body.Value.Span]));
        var filed = await appeals.Run(id, words, new AppealPapers(Named: papers, System: system.Actor.Token), system.Actor, once, ct);
        if (!filed.Ok) return filed.Problem.ToResult(http);
        var r = filed.Value;
        http.Response.Headers.Location = $"/api/v1/cases/{r.Reference}";
        return Results.Json(new { r.Reference, shown = Reference.Show(r.Reference), r.Layer, r.State, r.FiledOn, r.DueOn, r.LateDays, r.Joined }, statusCode: r.Joined ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    /// <summary>A request that the system filed, or an appeal that comes of one.</summary>
    private static Task<Guid?> Own(Database database, string reference, string by, CancellationToken ct) => database.One<Guid?>("""
        with recursive up as (
          select id, parent, filed_by, id as asked from cases."case" where reference = @reference
          union all select c.id, c.parent, c.filed_by, up.asked from cases."case" c join up on c.id = up.parent)
        select asked from up where parent is null and filed_by = @by
        """, new { reference, by }, ct);

    private static Result<(AppealWords, IReadOnlyList<Guid>)> Parse(ReadOnlyMemory<byte> body)
    {
        JsonObject root;
        try
        {
            if (JsonNode.Parse(body.Span, documentOptions: SubmitEndpoint.Strict) is not JsonObject parsed || !System.Text.Unicode.Utf8.IsValid(body.Span)) return CaseProblems.Malformed;
            root = parsed;
            _ = root.Count;
            SubmitEndpoint.ReadTexts(root);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return CaseProblems.Malformed;
        }

        var check = new Check();
        foreach (var (name, _) in root) check.That(name is "ground" or "reasons" or "lateBecause" or "papers", "/" + name, "unknown-field");
        var ground = Text(root, "ground", check);
        check.That(ground is AppealRights.Delay or AppealRights.Rejection or AppealRights.Deficiency or AppealRights.OfOrder or AppealRights.OfAnswer, "/ground", ground is null ? "required" : "not-a-choice");
        var (reasons, late) = (Text(root, "reasons", check), Text(root, "lateBecause", check));
        var papers = new List<Guid>();
        if (root["papers"] is JsonArray named && named.Count <= FileAppeal.PapersMost)
        {
            for (var i = 0; i < named.Count; i++)
                if (check.That(named[i] is JsonValue v && v.TryGetValue<string>(out var id) && Guid.TryParse(id, out _), $"/papers/{i}", "paper-unknown")) papers.Add(Guid.Parse((string)named[i]!));
        }
        else
        {
            check.That(root["papers"] is null, "/papers", "wrong-type");
        }

        return check.Ok ? (new AppealWords(ground, reasons, late), (IReadOnlyList<Guid>)[.. papers.Distinct()]) : check.ToProblem();
    }

    private static string? Text(JsonObject from, string name, Check check)
    {
        if (from[name] is not { } node) return null;
        if (node is JsonValue value && value.TryGetValue<string>(out var text)) return text;
        check.That(false, "/" + name, "wrong-type");
        return null;
    }
}
