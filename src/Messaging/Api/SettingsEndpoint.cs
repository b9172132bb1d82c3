using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Tell;
using Sahulat.Messaging.Templates;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Api;

/// <summary>What a service sets and reads besides its messages: <c>/api/v1/message-settings</c>, <c>/api/v1/message-events</c>, <c>/api/v1/message-templates</c>.</summary>
internal static class SettingsEndpoint
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").AllowAnonymous().DisableAntiforgery();
        group.MapGet("message-events", Feed);
        group.MapGet("message-templates", Templates);
        group.MapPut("message-settings/webhook", Webhook);
        group.MapPut("message-settings/guests", Guests);
    }

    private static async Task<IResult> Feed(HttpContext http, string? after, int? limit, ServiceKeys keys, Events events, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return MessageProblems.KeyUnknown.ToResult(http);
        if (await events.After(client.Service, after, Math.Clamp(limit ?? 100, 1, 1000), ct) is not { } page) return Problem.Invalid([new Fault("/after", "bad-format")]).ToResult(http);
        return Results.Json(new { events = page.Events, cursor = page.Cursor }, MessagesEndpoint.Json);
    }

    private static async Task<IResult> Templates(HttpContext http, ServiceKeys keys, TemplateStore templates, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is null) return MessageProblems.KeyUnknown.ToResult(http);
        return Results.Json(new { templates = (await templates.Latest(ct)).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new { t.Key, t.Version, t.Name, t.Class, t.Variables, channels = t.Channels.ToDictionary(c => c.Key, c => c.Value.Body) }) }, MessagesEndpoint.Json);
    }

    /// <summary>Sets where to tell, and gives the secret that signs: shown once. <c>{"url": null}</c> ends it.</summary>
    private static async Task<IResult> Webhook(HttpContext http, ServiceKeys keys, CallbackSender sender, Database database, CancellationToken ct)
    {
        var (refused, client, body) = await Live(http, keys, ct);
        if (refused is not null) return refused;
        var url = body!["url"] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;
        if (url is not null && !(url.Length <= 500 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0)) return Problem.Invalid([new Fault("/url", "bad-format")]).ToResult(http);
        var secret = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        await database.Execute("update messaging.service set callback_url = @url, callback_secret = @secret where id = @Service", new { client!.Service, url, secret = url is null ? null : sender.Seal(secret) }, ct);
        return Results.Json(new { url, secret = url is null ? null : secret }, MessagesEndpoint.Json);
    }

    /// <summary>The guest list, whole: numbers and addresses that team keys and services on trial may write to.</summary>
    private static async Task<IResult> Guests(HttpContext http, ServiceKeys keys, Vault vault, Database database, CancellationToken ct)
    {
        var (refused, client, body) = await Live(http, keys, ct);
        if (refused is not null) return refused;
        var check = new Check();
        var contacts = new List<byte[]>();
        if (check.That(body!["guests"] is JsonArray { Count: <= 50 }, "/guests", "wrong-type"))
        {
            var n = 0;
            foreach (var item in (JsonArray)body["guests"]!)
            {
                var written = item is JsonValue v && v.TryGetValue<string>(out var text) ? text : "";
                var address = written.Contains('@') ? MailAddress.IsOne(written) ? written : null : Phone.Normalise(written);
                if (check.That(address is not null, $"/guests/{n++}", written.Contains('@') ? "not-an-email" : "not-a-phone")) contacts.Add(vault.BlindIndex("messaging.contact", address!));
            }
        }

        if (!check.Ok) return check.ToProblem().ToResult(http);
        await database.Write(async work =>
        {
            await work.Execute("delete from messaging.guest where service = @Service", client);
            await work.Execute("insert into messaging.guest (service, contact) select @Service, c from unnest(@contacts) c on conflict do nothing", new { client!.Service, contacts = contacts.ToArray() });
        }, ct);
        return Results.Json(new { guests = contacts.Count }, MessagesEndpoint.Json);
    }

    private static async Task<(IResult? Refused, Client? Client, JsonObject? Body)> Live(HttpContext http, ServiceKeys keys, CancellationToken ct)
    {
        if (await http.Client(keys, ct) is not { } client) return (MessageProblems.KeyUnknown.ToResult(http), null, null);
        if (client.KeyKind != "live") return (MessageProblems.LiveOnly.ToResult(http), null, null);
        var body = await MessagesEndpoint.ReadBody(http.Request, 64 * 1024, ct);
        if (!body.Ok) return (body.Problem.ToResult(http), null, null);
        var root = MessagesEndpoint.Parse(body.Value.Span);
        return root.Ok ? (null, client, root.Value) : (root.Problem.ToResult(http), null, null);
    }
}
