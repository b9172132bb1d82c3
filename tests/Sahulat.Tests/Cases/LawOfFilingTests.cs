using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Guarantee;
using Sahulat.Host;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>A law that changes between filing and completion: the case keeps the version of its filing day, the clock starts at completion.</summary>
public sealed class LawOfFilingTests(Cluster cluster)
{
    private const string Mobile = "9419066603";

    [Fact]
    public async Task Papers_AfterTheLawChanged_CountByTheLawOfTheFilingDay()
    {
        await using var site = await Appealing.Site(cluster);
        var folder = Path.Combine(cluster.Folder, "pack-" + Guid.NewGuid().ToString("N")[..6]);
        Copy(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), folder);
        var (law, service) = (Path.Combine(folder, "laws", "jk-psga.yaml"), Path.Combine(folder, "services", "income-certificate.yaml"));
        await Change(service, ("limit: { days: 45 }", "limit: { days: 45, convention: WorkingDays }"));
        Assert.Empty(await PackLoading.Load(site.Services, folder, _ => { }, TestContext.Current.CancellationToken));
        await Change(law, ("valid_from: 2011-08-10", "valid_from: 2026-12-01"), ("weekly_off: [Sunday]", "weekly_off: [Saturday, Sunday]"));
        Assert.Empty(await PackLoading.Load(site.Services, folder, _ => { }, TestContext.Current.CancellationToken));

        using var system = await site.System();
        var body = await system.Income(Mobile);
        body["answers"]!.AsObject().Remove("affidavit");
        Assert.Equal(HttpStatusCode.Created, (await system.File(body)).StatusCode);
        var (reference, filedUnder, version) = await site.Database.One<(string, int, int)>("""select reference, law_version, service_version from cases."case" where state = 'incomplete'""");
        site.Clock.Advance(TimeSpan.FromDays(31));
        using var citizen = await site.Citizen(Mobile);
        var token = System.Text.RegularExpressions.Regex.Match(await citizen.GetStringAsync($"/en/requests/{reference}"), "name=\"_form\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new MultipartFormDataContent { { new StringContent("papers"), "do" }, { new StringContent(WebUtility.HtmlDecode(token)), "_form" }, { new ByteArrayContent(Filed.Pdf("affidavit")), "affidavit", "affidavit.pdf" } };
        Assert.Equal(HttpStatusCode.SeeOther, (await citizen.PostAsync($"/en/requests/{reference}", form)).StatusCode);

        var (complete, due, kept) = await site.Database.One<(DateOnly, DateOnly, int)>("""select complete_on, due_on, law_version from cases."case" where reference = @reference""", new { reference });
        var clock = site.Services.GetRequiredService<IStatutoryClock>();
        Assert.Equal(new DateOnly(2026, 12, 3), complete);
        Assert.Equal((filedUnder, due), (kept, clock.DueOn(Filed.Service, version, Filed.Place, complete, [], filedUnder)!.Value));
        Assert.True(due < clock.DueOn(Filed.Service, version, Filed.Place, complete, []), "the later law counts no Saturdays");
    }

    private static async Task Change(string file, params (string From, string To)[] changes)
    {
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        foreach (var (from, to) in changes)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
