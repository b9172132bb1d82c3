using Sahulat.Host;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

/// <summary>A second statute, as data alone: after the Haryana Right to Service Act 2014, where only a lapse goes upward by itself and days are working days.</summary>
public sealed class OtherLawTests(Cluster cluster)
{
    private const string Law = """
        code: hr-rts
        valid_from: 2014-03-26
        title: { en: "Haryana Right to Service Act, 2014", hi: "हरियाणा सेवा का अधिकार अधिनियम, 2014", ur: ہریانہ, ks: ہریانہ, doi: हरियाणा }
        source: test
        convention: { value: WorkingDays, confirmed: true }
        weekly_off: [Saturday, Sunday]
        clock: { starts: complete, pauses: [stay] }
        layers:
          - { code: first-grievance, role: first_appellate, opens_on: [lapse, applicant], file_within: { days: 30, convention: WorkingDays }, decide_within: { days: 30, convention: WorkingDays } }
          - { code: second-grievance, role: second_appellate, opens_on: [lapse, applicant], file_within: { days: 30, convention: WorkingDays }, decide_within: { days: 30, convention: WorkingDays } }
          - { code: commission, role: commission, officer: { designation: divisional-commissioner, level: division }, opens_on: [lapse, applicant], file_within: { days: 30, convention: WorkingDays } }
        penalties: []
        """;

    [Fact]
    public async Task LawWithoutAutomaticRejection_SendsUpOnlyWhatLapsed_ThroughThreeLayers()
    {
        await using var site = await Docket.Site(cluster);
        var folder = Path.Combine(cluster.Folder, "pack-" + Guid.NewGuid().ToString("N")[..6]);
        Copy(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "laws", "hr-rts.yaml"), Law, TestContext.Current.CancellationToken);
        var service = await File.ReadAllTextAsync(Path.Combine(folder, "services", "income-certificate.yaml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "services", "hr-income.yaml"), service.Replace("code: income-certificate", "code: hr-income").Replace("law: jk-psga", "law: hr-rts").Replace("\nrow: 9", "\nrow: 999"), TestContext.Current.CancellationToken);
        Assert.Empty(await PackLoading.Load(site.Services, folder, _ => { }, TestContext.Current.CancellationToken));

        var docket = new Docket(site);
        var (complete, due) = (new DateOnly(2026, 9, 1), new DateOnly(2026, 10, 30));
        async Task<Guid> File1(string? layer = null) => (await docket.File(1, complete, due, layer, service: "hr-income", law: "hr-rts"))[0];
        var (rejected, lapsed, first, second, third) = (await File1(), await File1(), await File1("first-grievance"), await File1("second-grievance"), await File1("commission"));
        await docket.Decide(rejected, "rejected", due);
        await docket.Sweep.Run(due.AddDays(1), ct: TestContext.Current.CancellationToken);
        Assert.Null(await docket.AppealOf(rejected));
        Assert.Null(await docket.AppealOf(third));
        var appeal = (await docket.AppealOf(lapsed))!;
        Assert.Equal(("first-grievance", "second-grievance", "commission"), (appeal.Layer, (await docket.AppealOf(first))!.Layer, (await docket.AppealOf(second))!.Layer));
        // 30 working days after Saturday 31 October 2026, without Saturdays, Sundays and 24 November.
        Assert.Equal(new DateOnly(2026, 12, 14), appeal.DecideBy);
        Assert.Null((await docket.AppealOf(second))!.DecideBy);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
