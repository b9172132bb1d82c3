using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Messaging.Attend;
using Sahulat.Messaging.Converse;

namespace Sahulat.Messaging.WebChat;

/// <summary>Server-sent events: tells an open page that its conversation went on, with the position as event id, so that a browser that lost the line is told what it missed.</summary>
internal static class TalkStream
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromMinutes(10);

    public static void Map(IEndpointRouteBuilder app) => Map(app.MapGet("/{lang}/talk/stream", Get), app.MapGet("/{lang}/desk/talk/{id:guid}/stream", Desk));

    private static void Map(IEndpointConventionBuilder citizen, IEndpointConventionBuilder desk)
    {
        citizen.AllowAnonymous();
        desk.RequireAuthorization(Policies.Operator);
    }

    private static async Task Desk(HttpContext http, Guid id, long? after, WebTalk talk, Attending attending, TalkSignal signal, TimeProvider time, CancellationToken ct)
    {
        if (await attending.Open(id, ct) is null) http.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Stream(http, id, after, talk, signal, time, ct);
    }

    private static async Task Get(HttpContext http, long? after, WebTalk talk, TalkSignal signal, TimeProvider time, CancellationToken ct)
    {
        if (WebTalk.Token(http) is not { } token)
        {
            // 204 tells a browser not to come again.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await Stream(http, talk.Id(token), after, talk, signal, time, ct);
    }

    private static async Task Stream(HttpContext http, Guid id, long? after, WebTalk talk, TalkSignal signal, TimeProvider time, CancellationToken ct)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        var seen = long.TryParse(http.Request.Headers["Last-Event-ID"], out var last) ? last : after ?? 0;
        var began = time.GetTimestamp();
        try
        {
            await http.Response.WriteAsync("retry: 3000\n\n", ct);
            while (time.GetElapsedTime(began) < Longest)
            {
                var change = signal.Change(id);
                var newest = await talk.Newest(id, ct);
                if (newest > seen) await http.Response.WriteAsync($"id: {seen = newest}\nevent: line\ndata: {newest}\n\n", ct);
                else await http.Response.WriteAsync(": \n\n", ct);
                await http.Response.Body.FlushAsync(ct);
                await Task.WhenAny(change, Task.Delay(Beat, ct));
                ct.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The browser went away; it comes again by itself.
        }
    }
}
