using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Host;
using Sahulat.Kernel.Calendar;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>Haryana's pack beside that of Jammu and Kashmir, in one database.</summary>
public sealed class GovernmentsTests(Cluster cluster)
{
    private static readonly string Jammu = Path.Combine(Cluster.RepositoryRoot, "data", "jk");

    [Fact]
    public async Task HaryanaService_Lapsed_ClimbsHaryanasLadder_AndARejectionOpensNothing()
    {
        await using var site = await TestSite.Start(cluster, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off" });
        Assert.Empty(await PackLoading.Load(site.Services, Haryana.Folder, _ => { }, TestContext.Current.CancellationToken));
        await site.Staff();
        using var system = await site.System();
        var (lapsed, rejected) = (await Haryana.Copies(system), await Haryana.Copies(system));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await system.File(Haryana.Body("tehsil-79"))).StatusCode);

        // The rejection of Haryana waits for the applicant; the same in Jammu goes upward by itself.
        var income = await system.FileIncome("9419044444");
        await Reject(site, rejected, "patwari@" + Haryana.Tehsil, "no-right");
        await site.Bring(income, Desks.Tehsildar);
        await Reject(site, income, Desks.Tehsildar, "documents-missing");
        await Eventually.True(async () =>
        {
            await site.CatchUp();
            return (await site.Above(income))?.Layer == "first-appeal";
        }, "the rejection in Jammu has its appeal");
        Assert.Null(await site.Above(rejected));

        var reference = lapsed;
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        var closed = site.Services.GetRequiredService<Calendars>().Current.WithWeeklyOff(new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday });
        // Two days after Monday 2 November 2026.
        var due = new DateOnly(2026, 11, 4);
        foreach (var (layer, post) in new[] { ("first-appeal", $"tehsildar@{Haryana.Tehsil}"), ("second-appeal", "sub-divisional-magistrate@district-67"), ("commission", "chief-commissioner-right-to-service@state-6") })
        {
            await site.SweepOn(due);
            Assert.Null(await site.Above(reference));
            await site.SweepOn(due.AddDays(1));
            var appeal = (await site.Above(reference))!;
            Assert.Equal((layer, post), (appeal.Layer, appeal.Post));
            if (layer == "commission")
            {
                Assert.Null(appeal.DueOn);
                break;
            }

            // Thirty days on which the offices of Karnal are open, less those on which a court's order stays it: counted here anew.
            DateOnly Last(DateOnly stayed, DateOnly lifted)
            {
                var (last, open) = (due.AddDays(1), 0);
                while (open < 30)
                {
                    last = last.AddDays(1);
                    if ((last < stayed || last >= lifted) && closed.IsOpen(last, organisation.PlaceAndAncestors(Haryana.Tehsil))) open++;
                }

                return last;
            }

            var last = Last(due, due);
            Assert.Equal(last, appeal.DueOn);
            if (layer == "second-appeal")
            {
                var (stayed, lifted) = (due.AddDays(8), due.AddDays(101));
                await Hear(site, post, appeal.Reference, stayed, "stay", ("order-no", "CWP 12/2027"), ("court", "High Court"), ("stay-reason", "Title is in dispute."));
                await site.SweepOn(lifted.AddDays(-1));
                Assert.Null(await site.Above(appeal.Reference));
                await Hear(site, post, appeal.Reference, lifted, "lift", ("order-no", "CWP 12/2027-2"), ("stay-reason", "Dismissed as withdrawn."));
                last = Last(stayed, lifted);
                Assert.Equal(last, (await site.Above(reference))!.DueOn);
            }

            (reference, due) = (appeal.Reference, last);
        }

        Assert.Equal("hr-rts", await site.Database.One<string>("""select law from cases."case" where reference = @reference""", new { reference }));
        Assert.Null(await site.Above(rejected));
    }

    [Fact]
    public async Task TwoPacks_StandBesideEachOther_AndEachEndsOnlyItsOwn()
    {
        await using var site = await TestSite.Start(cluster);
        var before = await Rows(site, "jk");
        var dates = await site.Database.One<long>("select count(*) from calendar.holiday");
        Assert.Empty(await PackLoading.Load(site.Services, Haryana.Folder, _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(before, await Rows(site, "jk"));
        var haryana = await Rows(site, "hr");
        foreach (var pack in new[] { Jammu, Haryana.Folder })
        {
            var told = new List<string>();
            Assert.Empty(await PackLoading.Load(site.Services, pack, told.Add, TestContext.Current.CancellationToken));
            Assert.Contains(told, t => t.EndsWith(", 0 changed", StringComparison.Ordinal));
            Assert.Contains(told, t => t.EndsWith(", 0 new versions", StringComparison.Ordinal));
        }

        Assert.Equal((before, haryana), (await Rows(site, "jk"), await Rows(site, "hr")));
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.Equal((42, 284), (organisation.OfKind("district").Count, organisation.OfKind("tehsil").Count));
        Assert.Equal("district-67", organisation.DistrictOfPin("132001")?.Code);
        Assert.Equal("hr", await site.Database.One<string>("select pack from calendar.version order by version desc"));
        var calendar = site.Services.GetRequiredService<Calendars>().Current;
        Assert.NotNull(calendar.On(new DateOnly(2026, 11, 1), organisation.PlaceAndAncestors("district-67")));
        Assert.Null(calendar.On(new DateOnly(2026, 11, 1), organisation.PlaceAndAncestors("district-5")));

        var folder = System.IO.Directory.CreateTempSubdirectory("sahulat-hr-");
        try
        {
            Copy(Haryana.Folder, folder.FullName);
            var file = Path.Combine(folder.FullName, "offices.yaml");
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("    - { designation: duty-patwari }\n    - { designation: patwari }\n", "    - { designation: patwari }\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            Assert.Empty(await PackLoading.Load(site.Services, folder.FullName, _ => { }, TestContext.Current.CancellationToken));
            Assert.Equal((before, haryana - 76), (await Rows(site, "jk"), await Rows(site, "hr")));

            // The codes of another pack are refused, all at once.
            await File.AppendAllTextAsync(Path.Combine(folder.FullName, "departments.csv"), "revenue,Revenue,,,,,x\n", TestContext.Current.CancellationToken);
            await File.AppendAllTextAsync(Path.Combine(folder.FullName, "designations.csv"), "girdawar,Village Surveyor,,,,,x\n", TestContext.Current.CancellationToken);
            var income = await File.ReadAllTextAsync(Path.Combine(Jammu, "services", "land-use-change.yaml"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "services", "clash.yaml"), income.Replace("law: jk-psga", "law: hr-rts", StringComparison.Ordinal).Replace("department: revenue", "department: hr-revenue", StringComparison.Ordinal).Replace("level: ut", "level: state", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var faults = (await PackLoading.Load(site.Services, folder.FullName, _ => { }, TestContext.Current.CancellationToken)).Select(f => f.ToString()).ToArray();
            Assert.Contains("departments.csv:7:1: revenue belongs to pack jk", faults);
            Assert.Contains("designations.csv:27:1: girdawar is 'Girdawar' in pack jk; use the same English name, or another code", faults);
            Assert.Contains(faults, f => f.EndsWith("clash.yaml:2:13: 'land-use-change' belongs to pack jk; use another code", StringComparison.Ordinal));
            Assert.Equal(3, faults.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task NewVersionOfALaw_TakesItsDay_AndOldCasesKeepTheirs()
    {
        await using var site = await TestSite.Start(cluster, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off" });
        var folder = System.IO.Directory.CreateTempSubdirectory("sahulat-hr-");
        try
        {
            Copy(Haryana.Folder, folder.FullName);
            Assert.Empty(await PackLoading.Load(site.Services, folder.FullName, _ => { }, TestContext.Current.CancellationToken));
            await site.Staff();
            using var system = await site.System();
            var old = await Haryana.Copies(system);
            var law = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "laws", "hr-rts-2025.yaml"), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "laws", "hr-rts-2026.yaml"), law.Replace("valid_from: 2025-01-01", "valid_from: 2026-11-03", StringComparison.Ordinal).Replace("opens_on: [lapse, applicant]", "opens_on: [applicant]", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            Assert.Empty(await PackLoading.Load(site.Services, folder.FullName, _ => { }, TestContext.Current.CancellationToken));
            var sameDay = await Haryana.Copies(system);
            site.Clock.Advance(TimeSpan.FromDays(1));
            var next = await Haryana.Copies(system);
            var versions = await site.Database.Query<int>("""select law_version from cases."case" where reference = any(@all) order by array_position(@all, reference)""", new { all = new[] { old, sameDay, next } });
            Assert.Equal([3, 3, 4], versions);
            var laws = site.Services.GetRequiredService<IServiceDirectory>();
            Assert.Equal([1, 2, 3, 4], new[] { new DateOnly(2020, 1, 1), new(2022, 1, 1), new(2026, 11, 2), new(2026, 11, 3) }.Select(d => laws.Law("hr-rts", d)!.Version));
            Assert.Contains("stay", laws.LawVersion("hr-rts", 3)!.Pauses);
            Assert.Empty(laws.LawVersion("hr-rts", 2)!.Pauses);

            await site.SweepOn(new DateOnly(2026, 11, 20));
            Assert.Equal("first-appeal", (await site.Above(old))!.Layer);
            Assert.NotNull(await site.Above(sameDay));
            Assert.Null(await site.Above(next));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task EachGovernment_HasItsName_ItsReferences_AndItsPlaces()
    {
        await using var site = await TestSite.Start(cluster);
        Assert.Empty(await PackLoading.Load(site.Services, Haryana.Folder, _ => { }, TestContext.Current.CancellationToken));
        await site.Staff();
        using var anyone = site.Client();
        Assert.Contains("Government of Haryana · Government of Jammu and Kashmir", await anyone.GetStringAsync("/en"), StringComparison.Ordinal);
        using var system = await site.System();
        Assert.StartsWith("HR26", await Haryana.Copies(system), StringComparison.Ordinal);
        Assert.StartsWith("JK26", await system.FileIncome("9419044444"), StringComparison.Ordinal);

        // A subject of Jammu's is not offered, and not taken, in Haryana's towns.
        var level = site.Services.GetRequiredService<IServiceDirectory>().Find("street-light", Ist.Today(site.Clock))!.PlaceLevel;
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        var town = organisation.OfKind(level).First(p => organisation.Covers("state-6", p.Code)).Code;
        Assert.DoesNotContain(town, await anyone.GetStringAsync("/open311/v2/services/street-light.json"), StringComparison.Ordinal);
        Assert.Equal("[]", await anyone.GetStringAsync("/open311/v2/services.json?jurisdiction_id=hr"));
        Assert.Equal(await anyone.GetStringAsync("/open311/v2/services.json"), await anyone.GetStringAsync("/open311/v2/services.json?jurisdiction_id=jk"));
        Assert.Contains("known here: hr, jk", await (await anyone.GetAsync("/open311/v2/services.json?jurisdiction_id=pb")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mark: HR", "mark: HC", "pack.yaml:4:7: mark: two capital letters belong here, of which the second is not C")]
    [InlineData("mark: HR", "mark: h1", "pack.yaml:4:7: mark: two capital letters belong here, of which the second is not C")]
    [InlineData("title: {", "title: { xx: y, ", "pack.yaml:3:8: title: a text for each language belongs here")]
    public async Task HeadOfAPack_WithFaults_IsToldByLine(string was, string now, string fault)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty);
        var folder = System.IO.Directory.CreateTempSubdirectory("sahulat-hr-");
        try
        {
            Copy(Haryana.Folder, folder.FullName);
            var file = Path.Combine(folder.FullName, "pack.yaml");
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(was, now, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            Assert.Equal([fault], (await PackLoading.Load(site.Services, folder.FullName, _ => { }, TestContext.Current.CancellationToken)).Select(f => f.ToString()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>One engine: laws are data. What measures may name the law of the data that it fills in.</summary>
    [Fact]
    public void NoLaw_IsNamedInTheProgram()
    {
        string[] codes = [.. System.IO.Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "data"), "*.yaml", SearchOption.AllDirectories).Where(f => Path.GetFileName(Path.GetDirectoryName(f)) == "laws").Select(f => File.ReadLines(f).First(l => l.StartsWith("code:", StringComparison.Ordinal))["code:".Length..].Trim()).Distinct()];
        Assert.Contains("hr-rts", codes);
        var named = new System.Text.RegularExpressions.Regex($@"\b({string.Join('|', codes)}|PSGA|SRO 223|Right to Service|Public Services Guarantee|CPGRAMS|Samadhan)\b", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
        var found = System.IO.Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/Bench/", StringComparison.Ordinal) && !f.Contains("/node_modules/", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Line: line.Contains("//", StringComparison.Ordinal) ? line[..line.IndexOf("//", StringComparison.Ordinal)] : line, At: $"{f}:{i + 1}")))
            .Where(l => named.IsMatch(l.Line)).Select(l => l.At);
        Assert.Empty(found);
    }

    private static async Task Reject(TestSite site, string reference, string post, string reason)
    {
        using var officer = await site.Official(post);
        var (step, _, version) = await site.Open(reference);
        using var done = await officer.Act(reference, version, step, "reject", "Looked at and refused.", ("reasons", reason));
        Assert.True(done.StatusCode == HttpStatusCode.SeeOther, await done.Content.ReadAsStringAsync());
    }

    private static async Task Hear(TestSite site, string post, string reference, DateOnly on, string act, params (string, string)[] fields)
    {
        await site.CatchUp();
        site.Clock.Set(Ist.At(on, new TimeOnly(11, 0)));
        using var authority = await site.Official(post);
        await authority.HearOk(site, reference, act, fields);
        await site.CatchUp();
    }

    private static Task<long> Rows(TestSite site, string pack) => site.Database.One<long>("""
        select (select count(*) from organisation.place where valid_to is null and @pack = any(packs)) + (select count(*) from organisation.office where valid_to is null and @pack = any(packs))
          + (select count(*) from organisation.post where valid_to is null and @pack = any(packs)) + (select count(*) from organisation.department where valid_to is null and @pack = any(packs))
          + (select count(*) from organisation.designation where valid_to is null and @pack = any(packs)) + (select count(*) from catalogue.owner where pack = @pack)
        """, new { pack });

    private static void Copy(string from, string to)
    {
        System.IO.Directory.CreateDirectory(to);
        foreach (var file in System.IO.Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (var folder in System.IO.Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
