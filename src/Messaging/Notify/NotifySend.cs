using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Api;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Templates;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Notify;

/// <summary>GOV.UK Notify's v2 protocol: sending. A program that uses one of its client libraries only changes the address it calls.</summary>
internal static class NotifySend
{
    private static readonly string[] Sms = ["phone_number", "template_id", "personalisation", "reference", "sms_sender_id"];
    private static readonly string[] Mail = ["email_address", "template_id", "personalisation", "reference", "email_reply_to_id", "one_click_unsubscribe_url", "sanitise_content_for"];

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v2/notifications").AllowAnonymous().DisableAntiforgery();
        group.MapPost("sms", (HttpContext http, NotifyAuth auth, TemplateStore templates, Preparation preparation, AcceptBatch accept, Limits limits, CancellationToken ct) => Send(http, "sms", auth, templates, preparation, accept, limits, ct));
        group.MapPost("email", (HttpContext http, NotifyAuth auth, TemplateStore templates, Preparation preparation, AcceptBatch accept, Limits limits, CancellationToken ct) => Send(http, "email", auth, templates, preparation, accept, limits, ct));
        group.MapPost("letter", async (HttpContext http, NotifyAuth auth, CancellationToken ct) => (await auth.Check(http, ct)).Refused ?? NotifyErrors.Of(400, "BadRequestError", "Service is not allowed to send letters"));
    }

    private static async Task<IResult> Send(HttpContext http, string channel, NotifyAuth auth, TemplateStore templates, Preparation preparation, AcceptBatch accept, Limits limits, CancellationToken ct)
    {
        var (client, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        var body = await MessagesEndpoint.ReadBody(http.Request, 128 * 1024, ct);
        if (!body.Ok) return NotifyErrors.Of(413, "BadRequestError", "Request is too large");
        var root = MessagesEndpoint.Parse(body.Value.Span);
        if (!root.Ok) return NotifyErrors.Of(400, "BadRequestError", "Invalid JSON supplied in POST data");
        var to = channel == "sms" ? "phone_number" : "email_address";
        var faults = Faults(root.Value, channel == "sms" ? Sms : Mail, to);
        if (faults.Count > 0) return NotifyErrors.Of(400, "ValidationError", faults);
        var (template, kind, lang) = await Find(templates, Guid.Parse(Text(root.Value, "template_id")!), ct);
        if (template is null) return NotifyErrors.Of(400, "BadRequestError", "Template not found");
        if (kind != channel) return NotifyErrors.Of(400, "BadRequestError", $"{kind} template is not suitable for {(channel == "sms" ? "text message" : "email")} notification");
        var address = Text(root.Value, to)!;
        if (channel == "sms" && Phone.Normalise(address) is null) return NotifyErrors.Of(400, "ValidationError", "phone_number Not a valid phone number");
        if (channel == "email" && !MailAddress.IsOne(address)) return NotifyErrors.Of(400, "ValidationError", "email_address Not a valid email address");
        var values = (root.Value["personalisation"] as JsonObject ?? []).ToDictionary(p => p.Key, p => p.Value is JsonArray list ? string.Join(", ", list.Select(i => i?.ToString())) : p.Value?.ToString() ?? "", StringComparer.Ordinal);
        var missing = template.Variables.Where(v => !values.TryGetValue(v.Name, out var given) || given.Length == 0).Select(v => v.Name).ToArray();
        if (missing.Length > 0) return NotifyErrors.Of(400, "BadRequestError", $"Missing personalisation: {string.Join(", ", missing)}");
        // Notify takes more values than a template has.
        foreach (var extra in values.Keys.Where(k => template.Variables.All(v => v.Name != k)).ToArray()) values.Remove(extra);
        var request = new MessageRequest(template.Key, template.Version == 0 ? null : template.Version, channel == "sms" ? new Recipient(Mobile: address) : new Recipient(Email: address), lang, values, Text(root.Value, "reference"), [channel]);
        var prepared = await preparation.Prepare(client!, request, null, null, null, ct);
        if (!prepared.Ok) return Refusal(client!, prepared.Problem);
        if (await limits.Take(client!, Limits.IsAbroad(prepared.Value), ct) is { } full) return Full(client!, full);
        var result = await accept.Accept(prepared.Value, ct);
        return result.Ok ? Created(http, prepared.Value, template, lang) : NotifyErrors.Of(500, "InternalError", "Internal server error");
    }

    private static IResult Created(HttpContext http, NewMessage m, Template template, Lang lang)
    {
        var at = $"{http.Request.Scheme}://{http.Request.Host}";
        var step = m.Steps[0];
        object content = step.Channel == "sms" ? new { body = step.Text, from_number = step.DltHeader ?? "SAHULT" } : new { body = step.Text, subject = step.Subject, from_email = "noreply@" + http.Request.Host.Host };
        var templateId = TemplateStore.NotifyId(template.Key, step.Channel, lang.Code);
        return Results.Json(new { id = m.Id, reference = m.Reference, uri = $"{at}/v2/notifications/{m.Id}", template = new { id = templateId, version = Math.Max(1, template.Version), uri = $"{at}/v2/template/{templateId}" }, scheduled_for = (string?)null, content }, statusCode: StatusCodes.Status201Created);
    }

    private static List<string> Faults(JsonObject root, string[] allowed, string to)
    {
        var faults = new List<string>();
        foreach (var needed in new[] { to, "template_id" })
            if (!root.ContainsKey(needed)) faults.Add($"{needed} is a required property");
        foreach (var name in root.Select(p => p.Key).Where(k => !allowed.Contains(k))) faults.Add($"Additional properties are not allowed ({name} was unexpected)");
        foreach (var text in new[] { to, "template_id", "reference" })
            if (root[text] is { } node && Text(root, text) is null) faults.Add($"{text} {node.ToJsonString()} is not of type string");
        if (Text(root, "template_id") is { } id && !Guid.TryParse(id, out _)) faults.Add("template_id is not a valid UUID");
        if (Text(root, "reference") is { Length: > 1000 } reference) faults.Add($"reference {reference[..20]}… is too long");
        if (root["personalisation"] is { } values and not JsonObject) faults.Add($"personalisation {values.ToJsonString()} is not of type object");
        return faults;
    }

    private static IResult Refusal(Client client, Problem problem) => problem.Code switch
    {
        "message-guests-only" when client.KeyKind == "team" => NotifyErrors.Of(400, "BadRequestError", "Can’t send to this recipient using a team-only API key"),
        "message-guests-only" => NotifyErrors.Of(400, "BadRequestError", "Can’t send to this recipient when service is in trial mode"),
        "message-no-route" => NotifyErrors.Of(400, "BadRequestError", "Template not found"),
        _ => NotifyErrors.Of(400, "ValidationError", problem.Faults.Count == 0 ? [problem.Code] : problem.Faults.Select(f => $"{f.Pointer.TrimStart('/').Replace('/', '.')} {f.Code}")),
    };

    private static IResult Full(Client client, Problem problem) => problem.Code == "message-too-fast"
        ? NotifyErrors.Of(429, "RateLimitError", $"Exceeded rate limit for key type {(client.KeyKind == "live" ? "LIVE" : client.KeyKind.ToUpperInvariant())} of {client.PerMinute.ToString(CultureInfo.InvariantCulture)} requests per 60 seconds")
        : NotifyErrors.Of(429, "TooManyRequestsError", $"Exceeded send limits ({client.DayLimit.ToString(CultureInfo.InvariantCulture)}) for today");

    public static string? Text(JsonObject from, string name) => from[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    public static async ValueTask<(Template? Template, string Channel, Lang Lang)> Find(TemplateStore templates, Guid id, CancellationToken ct)
    {
        foreach (var template in await templates.Latest(ct))
            foreach (var channel in template.Channels.Keys.Where(c => c is "sms" or "email"))
                foreach (var lang in template.Languages(channel))
                    if (TemplateStore.NotifyId(template.Key, channel, lang) == id) return (template, channel, Lang.Find(lang)!);
        return (null, "", Lang.En);
    }
}
