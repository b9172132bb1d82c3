using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Access.Demo;
using Sahulat.Kernel;

namespace Sahulat.Tests.Support;

/// <summary>Clients that went in by the front door.</summary>
internal static partial class SignedIn
{
    public static async Task<HttpClient> Citizen(this TestSite site, string mobile)
    {
        var client = site.Client();
        var before = await Codes(client, mobile);
        var code = await client.Form("/en/sign-in", new() { ["mobile"] = mobile, ["back"] = "" });
        Assert.Equal(HttpStatusCode.SeeOther, code.StatusCode);
        // Messages of one instant come in any order: the code is the one that was not there before.
        var now = await Codes(client, mobile);
        foreach (var old in before) now.Remove(old);
        var digits = Assert.Single(now);
        var query = System.Web.HttpUtility.ParseQueryString(code.Headers.Location!.OriginalString.Split('?')[1]);
        var entered = await client.Form("/en/sign-in/code", new() { ["challenge"] = query["challenge"]!, ["code"] = digits, ["back"] = "" });
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        return client;
    }

    public static async Task<HttpClient> Official(this TestSite site, string post)
    {
        var client = site.Client();
        await client.SignIn(post);
        return client;
    }

    /// <summary>As an official of the demo.</summary>
    public static async Task SignIn(this HttpClient client, string post)
    {
        using var entered = await client.Form("/en/desk/sign-in", new() { ["name"] = post, ["password"] = DemoOfficials.Password, ["code"] = Totp(DemoOfficials.Secret), ["back"] = "" });
        Assert.True(entered.StatusCode == HttpStatusCode.SeeOther, $"{post}: {await entered.Content.ReadAsStringAsync()}");
    }

    private static async Task<List<string>> Codes(HttpClient client, string mobile) =>
        [.. Message().Matches(WebUtility.HtmlDecode(await client.GetStringAsync($"/en/outbox?mobile={mobile}"))).Select(m => Six().Match(m.Value)).Where(m => m.Success).Select(m => m.Value)];

    /// <summary>Officials for every post, as the demo makes them: for a site that is not a clone of the staffed template.</summary>
    public static async Task Staff(this TestSite site)
    {
        await site.Services.Officials();
        await site.Services.GetRequiredService<Sahulat.Organisation.Directory.OrganisationDirectory>().Load(default);
    }

    public static async Task Officials(this IServiceProvider services)
    {
        foreach (var demo in services.GetServices<IDemo>().OfType<DemoOfficials>()) await demo.Fill(new DemoPlan(0, 90, 1), new Progress<double>(), default);
    }

    /// <summary>Posts a form the way a browser does: first the page for its token, then the fields.</summary>
    public static async Task<HttpResponseMessage> Form(this HttpClient client, string path, Dictionary<string, string> fields, string? page = null) =>
        await (await client.Opened(path, fields, page))();

    /// <summary>The same up to the moment of sending.</summary>
    public static async Task<Func<Task<HttpResponseMessage>>> Opened(this HttpClient client, string path, Dictionary<string, string> fields, string? page = null)
    {
        var shown = await client.GetStringAsync(page ?? path);
        var token = Token().Match(shown);
        if (token.Success) fields["_form"] = WebUtility.HtmlDecode(token.Groups[1].Value);
        return () => client.PostAsync(path, new FormUrlEncodedContent(fields));
    }

    /// <summary>RFC 6238 with SHA-1, 30 seconds, six digits, by the machine's own clock: the library that checks it has no other.</summary>
    public static string Totp(string secret)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Select(c => Convert.ToString(alphabet.IndexOf(c), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes(IPAddress.HostToNetworkOrder(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30));
        var hash = HMACSHA1.HashData(key, counter);
        var at = hash[^1] & 15;
        var number = ((hash[at] & 0x7f) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<!\d)(\d{6})(?!\d)")]
    private static partial Regex Six();

    [GeneratedRegex("data-message.*?</div>", RegexOptions.Singleline)]
    private static partial Regex Message();

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
