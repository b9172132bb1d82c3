using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

/// <summary>What the tests of grievances do again and again.</summary>
internal static partial class Lodging
{
    public const string Engineer = "junior-engineer-jal-shakti@tehsil-79";

    /// <summary>Through the pages of the portal, as a phone without JavaScript does.</summary>
    public static async Task<string> Lodge(this HttpClient citizen, string lang, string subject, string place, string happened, string location = "")
    {
        var begun = await citizen.Form($"/{lang}/apply/{subject}", new() { ["place"] = place });
        Assert.True(begun.StatusCode == HttpStatusCode.SeeOther, await begun.Content.ReadAsStringAsync());
        var at = begun.Headers.Location!.OriginalString;
        var draft = Draft().Match(at).Value;
        foreach (var (page, fields) in new (string, Dictionary<string, string>)[] { ("happened", new() { ["happened"] = happened }), ("where", new() { ["address"] = "Near the mosque, Lal Nagar", ["location"] = location }), ("papers", []), ("you", new() { ["full_name"] = "Rukhsana Bhat" }) })
        {
            var answered = await citizen.Form($"/{lang}/apply/{draft}/{page}", fields);
            Assert.True(answered.StatusCode == HttpStatusCode.SeeOther, $"{page}: {await answered.Content.ReadAsStringAsync()}");
        }

        var sent = await citizen.Form($"/{lang}/apply/{draft}/check", []);
        Assert.True(sent.StatusCode == HttpStatusCode.SeeOther, await sent.Content.ReadAsStringAsync());
        return Written().Match(sent.Headers.Location!.OriginalString).Value;
    }

    /// <summary>The short way, for tests about what comes after.</summary>
    public static async Task<string> Lodge(this TestSite site, string subject, string place, string happened, string mobile = "9419050001", string? location = null)
    {
        var filed = await site.Services.GetRequiredService<IGrievances>().File(new NewGrievance(subject, place, null, mobile, Lang.En, happened, null, location, null, Actor.Sahulat("test"), Guid.NewGuid().ToString("N")), default);
        Assert.True(filed.Ok, $"{filed.Problem?.Code} {string.Join(", ", filed.Problem?.Faults.Select(f => $"{f.Pointer} {f.Code}") ?? [])}");
        return filed.Value.Reference;
    }

    public static async Task Sweep(this TestSite site)
    {
        await site.CatchUp();
        await site.Services.GetRequiredService<Contracts.Guarantee.ILapseSweep>().Run(Sahulat.Kernel.Calendar.Ist.DateIn(site.Clock.GetUtcNow()));
        await site.CatchUp();
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Draft();

    [GeneratedRegex("JK[0-9A-Z]{11}")]
    private static partial Regex Written();
}
