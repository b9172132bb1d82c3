using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Messaging.Api;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Templates;

namespace Sahulat.Messaging.Batches;

/// <summary><c>POST /api/v1/message-batches</c>: one template to many, as JSON (<c>rows</c>) or CSV (query <c>template</c>, a column <c>mobile</c>, <c>email</c> or <c>citizen</c>, a column a variable). A warning of danger may name a <c>place</c> instead of rows. Answered at once; rows are worked on behind it.</summary>
internal static class BatchEndpoint
{
    private const int MaxBody = 30 * 1024 * 1024, MaxRows = 100_000;
    private static readonly string[] Addresses = ["mobile", "email", "citizen"];

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/message-batches").AllowAnonymous().DisableAntiforgery();
        group.MapPost("", Post).WithMetadata(new RequestSizeLimitAttribute(MaxBody + 1024));
        group.MapGet("{id:guid}", Get);
        group.MapGet("{id:guid}/faults", Faults);
        group.MapPost("{id:guid}/cancel", Cancel);
    }

    private static async Task<IResult> Post(HttpContext http, ServiceKeys keys, BatchStore batches, TemplateStore templates, PlaceRows places, BatchRun run, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        if (!http.IdempotencyKey(out var key)) return MessageProblems.KeyMissing.ToResult(http);
        var body = await MessagesEndpoint.ReadBody(http.Request, MaxBody, ct);
        if (!body.Ok) return body.Problem.ToResult(http);
        var read = http.Request.HasJsonContentType() ? Json(body.Value.Span) : Csv(http, body.Value.Span);
        if (!read.Ok) return read.Problem.ToResult(http);
        var (batch, rows, place, values) = read.Value;
        if (await templates.Find(batch.Template, batch.Version, ct) is not { } template) return (MessageProblems.NoTemplate with { Faults = [new Fault("/template", "not-a-choice")] }).ToResult(http);
        if (place is not null)
        {
            var found = await places.Of(client, template, place, values, MaxRows, ct);
            if (!found.Ok) return found.Problem.ToResult(http);
            rows = found.Value;
        }

        var digest = SHA256.HashData([.. body.Value.Span, .. Encoding.UTF8.GetBytes(http.Request.QueryString.Value ?? "")]);
        var stored = await batches.Store(client, batch with { Version = template.Version == 0 ? null : template.Version, Class = batch.Class ?? (template.Class == "emergency" ? "emergency" : "bulk") }, rows, key, digest, ct);
        if (!stored.Ok) return stored.Problem.ToResult(http);
        run.Wake();
        http.Response.Headers.Location = $"/api/v1/message-batches/{stored.Value}";
        return Results.Json(await batches.Show(client.Service, stored.Value, ct), MessagesEndpoint.Json, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Get(HttpContext http, Guid id, ServiceKeys keys, BatchStore batches, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        return await batches.Show(client.Service, id, ct) is { } shown ? Results.Json(shown, MessagesEndpoint.Json) : Problem.NotFound.ToResult(http);
    }

    private static async Task<IResult> Faults(HttpContext http, Guid id, int? after, ServiceKeys keys, BatchStore batches, Database database, Texts texts, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        if (await batches.Show(client.Service, id, ct) is null) return Problem.NotFound.ToResult(http);
        var rows = await database.Query<(int Row, string Faults)>("select row, faults::text from messaging.batch_row where batch = @id and row > @after and state = 'faulty' order by row limit 1000", new { id, after = after ?? 0 }, ct);
        return Results.Json(new { rows = rows.Select(r => new { r.Row, errors = JsonSerializer.Deserialize<BatchStore.RowFault[]>(r.Faults, MessagesEndpoint.Json)!.Select(f => new { f.Pointer, f.Code, detail = texts.Has($"fault.{f.Code}") ? texts.Fault(new Fault(f.Pointer, f.Code, [.. f.Args ?? []])) : texts.Problem(new Problem(f.Code, 422)) }) }) }, MessagesEndpoint.Json);
    }

    private static async Task<IResult> Cancel(HttpContext http, Guid id, ServiceKeys keys, BatchStore batches, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        if (await batches.Show(client.Service, id, ct) is null) return Problem.NotFound.ToResult(http);
        return await batches.Cancel(client.Service, id, ct) ? Results.Json(await batches.Show(client.Service, id, ct), MessagesEndpoint.Json) : MessageProblems.Ended.ToResult(http);
    }

    /// <param name="Place">Whose people are the rows, in place of rows.</param>
    private sealed record Read(BatchRequest Request, IReadOnlyList<BatchRow> Rows, string? Place = null, JsonObject? Values = null);

    private static Result<Read> Json(ReadOnlySpan<byte> body)
    {
        var root = MessagesEndpoint.Parse(body);
        if (!root.Ok) return root.Problem;
        string? place = null;
        JsonObject? values = null;
        if (root.Value["rows"] is null && root.Value["place"] is JsonValue named && named.TryGetValue(out place))
        {
            root.Value.Remove("place");
            if (root.Value.Remove("personalisation", out var given) && given is not JsonObject) return Problem.Invalid([new Fault("/personalisation", "wrong-type")]);
            values = given as JsonObject;
            root.Value["rows"] = new JsonArray(new JsonObject());
        }

        if (root.Value["rows"] is not JsonArray { Count: > 0 and <= MaxRows } list) return Problem.Invalid([new Fault("/rows", root.Value["rows"] is JsonArray { Count: 0 } ? "too-few" : root.Value["rows"] is JsonArray ? "too-many" : "required", root.Value["rows"] is JsonArray { Count: 0 } ? 1 : MaxRows)]);
        root.Value.Remove("rows");
        root.Value.Remove("name", out var name);
        // The rows bring the recipients; the rest is read as of one message.
        root.Value["recipient"] = new JsonObject { ["mobile"] = "+910000000001" };
        var read = RequestReading.Message(root.Value);
        if (!read.Ok) return read.Problem;
        var m = read.Value;
        var rows = list.Select(r => new BatchRow(r?.DeepClone() as JsonObject ?? [])).ToArray();
        return new Read(new BatchRequest(m.Template, m.Version, m.Lang.Code, m.Channels, m.Class, m.SendAfter, m.ExpiresAt, name is JsonValue v && v.TryGetValue<string>(out var text) ? text : m.Template), place is null ? rows : [], place, values);
    }

    private static Result<Read> Csv(HttpContext http, ReadOnlySpan<byte> body)
    {
        var query = http.Request.Query;
        if (query["template"].ToString() is not { Length: > 0 } template) return Problem.Invalid([new Fault("/template", "required")]);
        var lang = query["lang"].ToString() is { Length: > 0 } code ? code : "en";
        if (Lang.Find(lang) is null) return Problem.Invalid([new Fault("/lang", "not-a-choice")]);
        if (!System.Text.Unicode.Utf8.IsValid(body)) return MessageProblems.Malformed;
        var faults = new List<PackFault>();
        var text = Encoding.UTF8.GetString(body);
        var rows = CsvFile.Parse("rows", text, [], faults);
        if (faults.Count > 0) return Problem.Invalid(faults.Take(100).Select(f => new Fault($"/rows/{f.Line}", "bad-format")));
        if (rows.Count is 0 or > MaxRows) return Problem.Invalid([new Fault("/rows", rows.Count == 0 ? "too-few" : "too-many", rows.Count == 0 ? 1 : MaxRows)]);
        var columns = text.Split('\n')[0].TrimStart('\uFEFF').Split(',').Select(c => c.Trim().Trim('"')).ToArray();
        var made = rows.Select(r =>
        {
            var row = new JsonObject { ["recipient"] = new JsonObject(), ["personalisation"] = new JsonObject() };
            foreach (var column in columns)
            {
                if (column is "lang" or "reference") row[column] = r.Has(column) ? r[column] : null;
                else if (Addresses.Contains(column)) row["recipient"]![column] = r.Has(column) ? r[column] : null;
                else row["personalisation"]![column] = r[column];
            }

            foreach (var empty in ((JsonObject)row["recipient"]!).Where(p => p.Value is null).Select(p => p.Key).ToArray()) ((JsonObject)row["recipient"]!).Remove(empty);
            foreach (var empty in row.Where(p => p.Value is null).Select(p => p.Key).ToArray()) row.Remove(empty);
            return new BatchRow(row);
        }).ToArray();
        return new Read(new BatchRequest(template, null, lang, null, query["class"].ToString() is { Length: > 0 } cls ? cls : null, null, null, query["name"].ToString() is { Length: > 0 } name ? name : template), made);
    }
}
