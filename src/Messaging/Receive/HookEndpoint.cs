using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Receive;

/// <summary><c>/hooks/messaging/{provider}</c>: where providers tell of receipts and of what people wrote. Answered after the call is kept.</summary>
internal static class HookEndpoint
{
    private const int MaxBody = 256 * 1024;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapMethods("/hooks/messaging/{provider}/{**path}", ["GET", "POST"], Take).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> Take(HttpContext http, string provider, string? path, Accounts accounts, Receipts receipts, CancellationToken ct)
    {
        if (accounts.Find(provider) is not { Provider: IHook hook } account) return Results.NotFound();
        if (http.Request.ContentLength > MaxBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await http.Request.Body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > MaxBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            body.Write(buffer, 0, read);
        }

        var headers = http.Request.Headers.Where(h => h.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase) || h.Key is "Content-Type" or "Authorization").ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new HookCall(http.Request.Method, path ?? "", http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal), headers, body.ToArray());
        var verdict = hook.Verify(call, out var response);
        if (verdict != HttpStatusCode.OK) return Results.StatusCode((int)verdict);
        if (response is not null) return Results.Text(response);
        // What proves who called is not kept.
        call.Headers.Remove("Authorization");
        await receipts.Keep(account.Name, call, hook, ct);
        return Answer(hook, call) is { } answer ? Results.Text(answer, "application/json") : Results.Text("");
    }

    /// <summary>A call that cannot be read is kept all the same.</summary>
    private static string? Answer(IHook hook, HookCall call)
    {
        try
        {
            return hook.Answer(call);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
