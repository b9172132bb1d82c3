using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sahulat.Contracts.Access;

namespace Sahulat.Host.Bench;

/// <summary>An official who signed in before the measurement began, at his desk: his browser's requests, without the pictures.</summary>
internal sealed partial class OfficeDesk : IDisposable
{
    private const string Files = "/en/desk/office/files/";
    private readonly HttpClient client;

    public OfficeDesk(IServiceProvider services, Uri site, Guid official)
    {
        var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var now = TimeProvider.System.GetUtcNow();
        var who = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, official.ToString()), new(ClaimTypes.Name, "bench"), new(Callers.KindClaim, "official")], IdentityConstants.ApplicationScheme));
        var cookies = new CookieContainer();
        cookies.Add(site, new Cookie(options.Cookie.Name!, options.TicketDataFormat.Protect(new AuthenticationTicket(who, new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(8) }, IdentityConstants.ApplicationScheme))));
        client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = site };
    }

    public Task<string> Inbox(CancellationToken ct) => Page("/en/desk/office", ct);

    public Task<string> File(Guid id, CancellationToken ct) => Page($"{Files}{id:N}", ct);

    public Task<string> Search(string query, CancellationToken ct) => Page($"/en/desk/office/search?q={Uri.EscapeDataString(query)}", ct);

    /// <summary>The first file of an inbox's page.</summary>
    public static Guid? First(string inbox) => FileOf().Match(inbox) is { Success: true } found ? Guid.Parse(found.Groups[1].Value) : null;

    /// <summary>Signs a noting on the file's page, marks it to a post, and opens what lies next.</summary>
    public async Task<TimeSpan> SignAndNext(string page, Guid file, string to, CancellationToken ct)
    {
        var fields = new Dictionary<string, string> { ["do"] = "send", ["version"] = Version().Match(page).Groups[1].Value, ["_form"] = WebUtility.HtmlDecode(Token().Match(page).Groups[1].Value), ["text"] = "Seen; the report of the field book is in order.", ["cites"] = "", ["to"] = to };
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        using var sent = await client.PostAsync($"{Files}{file:N}", new FormUrlEncodedContent(fields), ct);
        if (sent.StatusCode != HttpStatusCode.SeeOther) throw new HttpRequestException($"sign and next: {(int)sent.StatusCode}");
        await Page(sent.Headers.Location!.ToString(), ct);
        return System.Diagnostics.Stopwatch.GetElapsedTime(start);
    }

    public void Dispose() => client.Dispose();

    private async Task<string> Page(string path, CancellationToken ct)
    {
        using var answer = await client.GetAsync(path, ct);
        if (answer.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"{path}: {(int)answer.StatusCode}");
        return await answer.Content.ReadAsStringAsync(ct);
    }

    [GeneratedRegex("/desk/office/files/([0-9a-f]{32})\"")]
    private static partial Regex FileOf();

    [GeneratedRegex("name=\"version\" value=\"(\\d+)\"")]
    private static partial Regex Version();

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
