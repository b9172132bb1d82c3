using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Api;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Receive;
using Sahulat.Messaging.Templates;

namespace Sahulat.Messaging.Notify;

/// <summary>GOV.UK Notify's v2 protocol: notifications, templates and received texts. A template of Notify is one channel and language of ours.</summary>
internal static class NotifyRead
{
    private const int Page = 250;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v2").AllowAnonymous().DisableAntiforgery();
        group.MapGet("notifications/{id}", One);
        group.MapGet("notifications", Many);
        group.MapGet("template/{id}", (HttpContext http, string id, NotifyAuth auth, TemplateStore templates, CancellationToken ct) => Template(http, id, null, auth, templates, ct));
        group.MapGet("template/{id}/version/{version:int}", (HttpContext http, string id, int version, NotifyAuth auth, TemplateStore templates, CancellationToken ct) => Template(http, id, version, auth, templates, ct));
        group.MapPost("template/{id}/preview", Preview);
        group.MapGet("templates", Templates);
        group.MapGet("received-text-messages", Received);
    }

    private static async Task<IResult> One(HttpContext http, string id, NotifyAuth auth, MessageView view, CancellationToken ct)
    {
        var (client, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        if (!Guid.TryParse(id, out var guid)) return NotifyErrors.Of(400, "ValidationError", "notification_id is not a valid UUID");
        return await view.Find(client!.Service, guid, ct) is { } found ? Results.Json(Shown(http, found)) : NotifyErrors.Of(404, "NoResultFound", "No result found");
    }

    private static async Task<IResult> Many(HttpContext http, NotifyAuth auth, MessageView view, CancellationToken ct)
    {
        var (client, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        var query = http.Request.Query;
        var kind = query["template_type"].ToString();
        if (kind is not ("" or "sms" or "email" or "letter")) return NotifyErrors.Of(400, "ValidationError", $"template_type {kind} is not one of [sms, email, letter]");
        Guid? older = null;
        if (query["older_than"].ToString() is { Length: > 0 } given)
        {
            if (!Guid.TryParse(given, out var parsed)) return NotifyErrors.Of(400, "ValidationError", "older_than is not a valid UUID");
            older = parsed;
        }

        string[] statuses = [.. query["status"].Where(s => s is not null).SelectMany(s => s == "failed" ? ["permanent-failure", "temporary-failure", "technical-failure", "expired"] : s == "sending" ? new[] { "created", "sent" } : [s!])];
        var found = await view.List(client!.Service, query["reference"].ToString() is { Length: > 0 } r ? r : null, kind.Length == 0 ? null : kind, statuses.Length == 0 ? null : statuses, older, Page, ct);
        var self = $"{http.Request.Scheme}://{http.Request.Host}/v2/notifications";
        return Results.Json(new { notifications = found.Select(f => Shown(http, f)), links = found.Count < Page ? (object)new { current = self + http.Request.QueryString } : new { current = self + http.Request.QueryString, next = $"{self}?older_than={found[^1].Id}" } });
    }

    private static object Shown(HttpContext http, MessageView.Shown m)
    {
        var id = TemplateStore.NotifyId(m.Template, m.Channel, m.Lang ?? "en");
        var status = m.Status switch { "sent" => "sending", "read" => "delivered", "expired" => "temporary-failure", "cancelled" => "technical-failure", var s => s };
        return new
        {
            id = m.Id, body = m.Text ?? "", subject = m.Subject, reference = m.Reference, type = m.Channel == "email" ? "email" : "sms", status, email_address = m.Channel == "email" ? m.To : null, phone_number = m.Channel == "email" ? null : m.To,
            line_1 = (string?)null, line_2 = (string?)null, line_3 = (string?)null, line_4 = (string?)null, line_5 = (string?)null, line_6 = (string?)null, line_7 = (string?)null, postage = (string?)null,
            template = new { id, version = Math.Max(1, m.Version), uri = $"{http.Request.Scheme}://{http.Request.Host}/v2/template/{id}" },
            created_at = m.CreatedAt, created_by_name = (string?)null, sent_at = m.SentAt, completed_at = m.CompletedAt, scheduled_for = m.SendAfter, one_click_unsubscribe_url = (string?)null,
            is_cost_data_ready = m.Cost.Paise is not null, cost_in_pounds = 0.0, cost_details = m.Channel == "email" ? new { } : (object)new { billable_sms_fragments = m.Segments },
        };
    }

    private static async Task<IResult> Template(HttpContext http, string id, int? version, NotifyAuth auth, TemplateStore templates, CancellationToken ct)
    {
        var (_, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        if (!Guid.TryParse(id, out var guid)) return NotifyErrors.Of(400, "ValidationError", "id is not a valid UUID");
        var (latest, channel, lang) = await NotifySend.Find(templates, guid, ct);
        var template = latest is null || version is null || version == latest.Version ? latest : await templates.Find(latest.Key, version, ct);
        return template is null ? NotifyErrors.Of(404, "NoResultFound", "No result found") : Results.Json(Shown(template, channel, lang));
    }

    private static async Task<IResult> Templates(HttpContext http, string? type, NotifyAuth auth, TemplateStore templates, CancellationToken ct)
    {
        var (_, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        if (type is not (null or "" or "sms" or "email" or "letter")) return NotifyErrors.Of(400, "ValidationError", $"type {type} is not one of [sms, email, letter]");
        var all = from t in await templates.Latest(ct) from c in t.Channels.Keys where c is "sms" or "email" && (string.IsNullOrEmpty(type) || c == type) from l in t.Languages(c) select Shown(t, c, Lang.Find(l)!);
        return Results.Json(new { templates = all });
    }

    private static object Shown(Template t, string channel, Lang lang) => new
    {
        id = TemplateStore.NotifyId(t.Key, channel, lang.Code), name = $"{t.Name} ({lang.Code})", type = channel, created_at = "2026-01-01T00:00:00.000000Z", updated_at = (string?)null, created_by = "sahulat", version = Math.Max(1, t.Version),
        body = Marked(t, t.Channels[channel].Body[lang.Code]), subject = t.Channels[channel].Subject is { } s ? Marked(t, s.GetValueOrDefault(lang.Code) ?? s["en"]) : null, letter_contact_block = (string?)null, postage = (string?)null,
        personalisation = t.Variables.ToDictionary(v => v.Name, _ => new { required = true }),
    };

    private static string Marked(Template t, string text) => t.Variables.Aggregate(text, (all, v) => all.Replace($"{{{v.Name}}}", $"(({v.Name}))", StringComparison.Ordinal));

    private static async Task<IResult> Preview(HttpContext http, string id, NotifyAuth auth, TemplateStore templates, CancellationToken ct)
    {
        var (_, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        if (!Guid.TryParse(id, out var guid)) return NotifyErrors.Of(400, "ValidationError", "id is not a valid UUID");
        var (template, channel, lang) = await NotifySend.Find(templates, guid, ct);
        if (template is null) return NotifyErrors.Of(404, "NoResultFound", "No result found");
        var body = await MessagesEndpoint.ReadBody(http.Request, 128 * 1024, ct);
        if (!body.Ok || MessagesEndpoint.Parse(body.Value.Span) is not { Ok: true } root) return NotifyErrors.Of(400, "BadRequestError", "Invalid JSON supplied in POST data");
        var values = (root.Value["personalisation"] as JsonObject ?? []).ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "", StringComparer.Ordinal);
        var missing = template.Variables.Where(v => !values.ContainsKey(v.Name)).Select(v => v.Name).ToArray();
        if (missing.Length > 0) return NotifyErrors.Of(400, "BadRequestError", $"Missing personalisation: {string.Join(", ", missing)}");
        var r = Rendering.Render(template, channel, lang, values);
        return Results.Json(new { id = guid, type = channel, version = Math.Max(1, template.Version), body = r.Text, subject = r.Subject, html = channel == "email" ? System.Net.WebUtility.HtmlEncode(r.Text) : null, postage = (string?)null });
    }

    private static async Task<IResult> Received(HttpContext http, NotifyAuth auth, Database database, Vault vault, CancellationToken ct)
    {
        var (client, refused) = await auth.Check(http, ct);
        if (refused is not null) return refused;
        Guid? older = null;
        if (http.Request.Query["older_than"].ToString() is { Length: > 0 } given)
        {
            if (!Guid.TryParse(given, out var parsed)) return NotifyErrors.Of(400, "ValidationError", "older_than is not a valid UUID");
            older = parsed;
        }

        var rows = await database.Query<(Guid Id, byte[] Content, DateTimeOffset At)>("select id, content, at from messaging.incoming where service = @Service and (@older::uuid is null or id < @older) order by id desc limit @Page", new { client!.Service, older, Page }, ct);
        var keys = await vault.Keys([.. rows.Select(r => DayKeys.Of("incoming", r.At)).Distinct()], DayKeys.Retention, ct);
        var texts = rows.Where(r => keys.ContainsKey(DayKeys.Of("incoming", r.At))).Select(r => (r.Id, r.At, Text: JsonSerializer.Deserialize<IncomingText>(vault.Open(keys[DayKeys.Of("incoming", r.At)], r.Content, Incoming.Context(r.Id)), DayKeys.Json)!));
        return Results.Json(new { received_text_messages = texts.Select(t => new { id = t.Id, created_at = t.At, service_id = client.Service, notify_number = t.Text.To, user_number = t.Text.From.TrimStart('+'), content = t.Text.Text }), links = new { current = $"{http.Request.Scheme}://{http.Request.Host}/v2/received-text-messages" } });
    }
}
