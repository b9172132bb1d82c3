using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Dial;

namespace Sahulat.Messaging.WebChat;

/// <summary>The conversation of one browser, named by a cookie that nobody can guess.</summary>
internal sealed class WebTalk(Database database, Vault vault, ConversationStore store, Asking asking) : IDisposable
{
    public const string Provider = "web", Cookie = "talk";
    private const int MostLines = 60, PerMinute = 120;
    private static readonly TimeSpan Keeps = TimeSpan.FromDays(7);

    /// <summary>Thousands of phones stand behind one address of a mobile network: this stops floods only.</summary>
    private readonly PartitionedRateLimiter<string> rate = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetFixedWindowLimiter(address, _ => new() { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }));

    public static string? Token(HttpContext http) => http.Request.Cookies[Cookie] is { Length: 32 } token && token.All(char.IsAsciiHexDigitLower) ? token : null;

    public Guid Id(string token) => Conversation.IdOf(vault, Provider, token);

    public async Task<(IReadOnlyList<(long Position, DateTimeOffset At, Turn Turn)> Lines, Conversation? Row)> Lines(string token, CancellationToken ct)
    {
        var row = await ConversationStore.Find(database, Id(token), ct);
        return (row is null ? [] : await store.Lines(database, row.Id, MostLines, ct), row);
    }

    public Task<long> Newest(Guid id, CancellationToken ct) => database.One<long>("select coalesce(max(position), 0) from messaging.line where conversation = @id", new { id }, ct);

    /// <param name="once">From the page: the form sent twice is one message.</param>
    /// <returns>False when this address sends too much.</returns>
    public async Task<bool> Say(HttpContext http, string text, string? once, Lang lang, CancellationToken ct)
    {
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        using (var lease = rate.AttemptAcquire(address))
            if (!lease.IsAcquired) return false;
        var token = Token(http);
        if (token is null)
        {
            token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            http.Response.Cookies.Append(Cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, MaxAge = Keeps, IsEssential = true, Path = "/" });
        }

        var external = $"{Id(token):N}/{(Guid.TryParse(once, out var given) ? given : Guid.NewGuid()):N}";
        await asking.Ask(Provider, new Said(external, Provider, token, address, text), lang, ct);
        return true;
    }

    public void Dispose() => rate.Dispose();
}
