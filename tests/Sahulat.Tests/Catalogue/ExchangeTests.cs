using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Catalogue.Exchange;
using Sahulat.Contracts.Catalogue;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Host;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>Laws and services as one signed file between two governments.</summary>
public sealed partial class ExchangeTests(Cluster cluster)
{
    private static readonly byte[] Seed = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly DateTimeOffset At = new(2026, 11, 2, 4, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Read_WholeFile_GivesBackWhatWasSigned()
    {
        var pack = PackFile.Read(Signed(Item("services/a@2026-01-01.yaml", "code: a\n"))).Value;
        Assert.Equal(("code: a\n", "elsewhere.example", PackFile.Fingerprint(Ed25519.PublicKey(Seed))), (pack.Statement.Items[0].Yaml, pack.Statement.Origin, pack.Fingerprint));
        Assert.Equal(pack.Fingerprint, PackFile.Fingerprint(pack.Fingerprint.Replace(" ", ":", StringComparison.Ordinal).ToUpperInvariant()));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "pack-path-wrong", "services/../../../etc/passwd@2026-01-01.yaml" },
        { "pack-path-wrong", "/etc/cron.d/x@2026-01-01.yaml" },
        { "pack-path-wrong", "services/a.yaml" },
        { "pack-path-wrong", "services/A@2026-01-01.yaml\u0000" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void Read_NameThatLeadsElsewhere_IsRefusedThoughSigned(string code, string path) => Assert.Equal(code, PackFile.Read(Signed(Item(path, "code: a\n"))).Problem!.Code);

    [Fact]
    public void Read_HostileContents_AreNamed()
    {
        string Of(byte[] file) => PackFile.Read(file).Problem!.Code;
        var item = Item("services/a@2026-01-01.yaml", "code: a\n");
        Assert.Equal("pack-item-changed", Of(Signed(item with { Yaml = "code: b\n" })));
        Assert.Equal("pack-path-wrong", Of(Signed(item, item)));
        Assert.Equal("pack-version-unknown", Of(Signed("sahulat-pack/2", item)));
        Assert.Equal("pack-not-readable", Of(Signed([])));
        Assert.Equal("pack-item-nested", Of(Signed(Item("services/a@2026-01-01.yaml", new string('[', 50_000)))));
        Assert.Equal("pack-item-nested", Of(Signed(Item("services/a@2026-01-01.yaml", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"))));
        Assert.Equal("pack-too-large", Of(Signed(Item("services/a@2026-01-01.yaml", new string('x', 1024 * 1024 + 1)))));
        Assert.Equal("pack-too-large", Of(new byte[PackFile.MaxBytes + 1]));
        foreach (var text in new[] { "", "{}", "null", "[]", "PK\u0003\u0004", "{\"payloadType\":null,\"payload\":null,\"signatures\":[null]}", "{\"payloadType\":\"application/vnd.sahulat.pack+json\",\"payload\":\"%\",\"signatures\":[{\"keyid\":\"\",\"key\":\"\",\"sig\":\"\"}]}" })
            Assert.Equal("pack-not-readable", Of(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Read_AnyByteChanged_IsRefused()
    {
        var file = Signed(Item("services/a@2026-01-01.yaml", "code: a\n"));
        for (var i = 0; i < file.Length; i++)
        {
            var changed = file.ToArray();
            changed[i] ^= 1;
            Assert.False(PackFile.Read(changed) is { Ok: true } read && !Same(read.Value, file), $"byte {i}");
        }

        static bool Same(SignedPack pack, byte[] file) => pack.Statement.Items[0].Yaml == PackFile.Read(file).Value.Statement.Items[0].Yaml;
    }

    [Fact]
    public void Apply_PutsOtherCodes_AndLeavesTheRestLetterForLetter()
    {
        const string yaml = "# kept\ncode: a\nvalid_from: \"2022-11-01\"\nlaw: jk-psga\ndepartment: revenue # why\nofficers:\n  designated: { designation: tehsildar, level: ut }\nplace: ut\nname: { en: \"revenue tehsildar\" }\n";
        var mapping = new Dictionary<NamedThing, string> { [new("law", "jk-psga")] = "hr-rts", [new("department", "revenue")] = "hr-revenue", [new("designation", "tehsildar")] = "x", [new("level", "ut")] = "state" };
        Assert.Equal("# kept\ncode: a\nvalid_from: 2026-12-01\nlaw: hr-rts\ndepartment: hr-revenue # why\nofficers:\n  designated: { designation: x, level: state }\nplace: state\nname: { en: \"revenue tehsildar\" }\n", Rewriting.Apply(yaml, new DateOnly(2026, 12, 1), mapping));
    }

    [Fact]
    public async Task ServiceOfJammu_TakenInByHaryana_TakesHaryanasPath()
    {
        await using var jammu = await TestSite.Start(cluster, Cluster.Staffed);
        using var giver = await jammu.Official("sahulat-administrator@ut-1");
        using (var clerk = await jammu.Official(Desks.Tehsildar)) Assert.NotEqual(HttpStatusCode.OK, (await clerk.GetAsync("/en/desk/packs/export?service=income-certificate")).StatusCode);
        var file = await giver.GetByteArrayAsync("/en/desk/packs/export?service=income-certificate");
        Assert.Equal(["laws/jk-psga@2011-08-10.yaml", "services/income-certificate@"], PackFile.Read(file).Value.Statement.Items.Select(i => i.Path.StartsWith("services", StringComparison.Ordinal) ? i.Path[..28] : i.Path));

        System.IO.Directory.CreateDirectory(Path.Combine(cluster.Folder, "haryana-keys"));
        await using var haryana = await TestSite.Start(cluster, Cluster.Empty, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off", ["Sahulat:KeyFile"] = Path.Combine(cluster.Folder, "haryana-keys", "master.json") });
        Assert.Empty(await PackLoading.Load(haryana.Services, Path.Combine(Cluster.RepositoryRoot, "data", "hr"), _ => { }, TestContext.Current.CancellationToken));
        await haryana.Staff();
        await haryana.Delegate("sahulat-administrator@state-6", "second-administrator", "Second Administrator");
        using var first = await haryana.Official("sahulat-administrator@state-6");
        using var second = await haryana.Official("second-administrator");

        var page = await Bring(first, file);
        Assert.Contains("Nobody here trusts this key", await first.GetStringAsync(page), StringComparison.Ordinal);
        Assert.Equal("pack-received-before", await Problem(first, file));
        var fingerprint = PackFile.Read(file).Value.Fingerprint;
        Dictionary<string, string> Accept(string? on = "3") => new() { ["what"] = "accept", ["government"] = "state-6", ["from.day"] = on!, ["from.month"] = "11", ["from.year"] = "2026", ["map.law.jk-psga"] = "hr-rts", ["map.department.revenue"] = "hr-revenue" };
        await Refused(second, page, Accept(), HttpStatusCode.Conflict, "is not trusted here");
        await Refused(second, "/en/desk/packs", new() { ["what"] = "trust", ["name"] = "", ["fingerprint"] = "12" }, HttpStatusCode.UnprocessableEntity, "Write all 64");
        Assert.Equal(HttpStatusCode.SeeOther, (await second.Form("/en/desk/packs", new() { ["what"] = "trust", ["name"] = "Jammu and Kashmir", ["fingerprint"] = fingerprint })).StatusCode);
        await Refused(first, page, Accept(), HttpStatusCode.Conflict, "Whoever brought a pack in cannot accept it");
        await Refused(second, page, Accept("2"), HttpStatusCode.UnprocessableEntity, "Choose tomorrow");
        await Refused(second, page, new() { ["what"] = "accept", ["government"] = "state-6", ["from.day"] = "3", ["from.month"] = "11", ["from.year"] = "2026" }, HttpStatusCode.Conflict, "does not have");
        var shown = WebUtility.HtmlDecode(await second.GetStringAsync(page));
        Assert.Contains("Instead of the department Revenue (revenue)", shown, StringComparison.Ordinal);
        Assert.Contains("data-change=\"limit.days\"", shown, StringComparison.Ordinal);
        Assert.Equal(0, await haryana.Database.One<long>("select count(*) from catalogue.service_version where code = 'income-certificate'"));

        var accepted = await second.Form(page, Accept());
        Assert.True(accepted.StatusCode == HttpStatusCode.SeeOther, WebUtility.HtmlDecode(await accepted.Content.ReadAsStringAsync()));
        await Refused(second, page, Accept(), HttpStatusCode.Conflict, "decided on already");
        var directory = haryana.Services.GetRequiredService<IServiceDirectory>();
        Assert.Null(directory.Find("income-certificate", new DateOnly(2026, 11, 2)));
        var service = directory.Find("income-certificate", new DateOnly(2026, 11, 3))!;
        Assert.Equal(("hr-rts", "hr-revenue", "hr", "state-6"), (service.Law, service.Department, service.Pack, service.Within));
        Assert.Equal(["catalogue.pack-received", "catalogue.pack-accepted"], await haryana.Database.Query<string>("select kind from journal.entry where stream like 'pack/%' order by position"));
        Assert.Null(directory.Law("jk-psga", new DateOnly(2026, 12, 1)));

        // The day after, a citizen of Haryana files it; nobody answers; it climbs by Haryana's law.
        haryana.Clock.Advance(TimeSpan.FromDays(1));
        using var system = await haryana.System();
        var reference = await system.FileIncome("9812012345", "hr-tehsil-karnal");
        await haryana.CatchUp();
        var due = await haryana.Database.One<DateOnly>("""select due_on from cases."case" where reference = @reference""", new { reference });
        haryana.Clock.Set(Ist.StartOf(due.AddDays(1)).AddHours(6));
        await haryana.Services.GetRequiredService<Sweep>().Run(due.AddDays(1), ct: TestContext.Current.CancellationToken);
        await haryana.CatchUp();
        var appeal = await haryana.Database.One<(string Law, string Layer, string Post)>("""select a.law, a.layer, a.post from cases."case" a join cases."case" p on p.id = a.parent where p.reference = @reference""", new { reference });
        Assert.Equal(("hr-rts", "first-appeal", "deputy-commissioner@district-67"), appeal);
    }

    [Fact]
    public async Task ChangedService_ShowsItsDifference_AndCountsFromItsDay()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        await site.Delegate("sahulat-administrator@ut-1", "second-administrator", "Second Administrator");
        using var first = await site.Official("sahulat-administrator@ut-1");
        using var second = await site.Official("second-administrator");
        var identity = site.Services.GetRequiredService<PackIdentity>();
        var yaml = (await site.Database.One<string>("select yaml from catalogue.service_version where code = 'domicile-certificate'"))!;
        byte[] Pack(string of, string path = "services/domicile-certificate@2022-11-01.yaml") => identity.Sign(new PackStatement(PackFile.Format, "elsewhere.example", At, "post:x", [Item(path, of)], new Dictionary<string, string>()));

        var open = await first.GetStringAsync("/en/desk/unconfirmed?of=law&q=jk-psga");
        foreach (var point in new[] { "jk-psga convention", "jk-psga layers[second-appeal].decide_within" }) Assert.Contains($"data-point=\"{point}\"", open, StringComparison.Ordinal);
        Assert.DoesNotContain("data-point=\"cpgrams", open, StringComparison.Ordinal);
        Assert.Contains("\"officers.first_appellate\"", await first.GetStringAsync("/en/desk/unconfirmed.csv?kind=unknown&q=social-caste-certificate"), StringComparison.Ordinal);
        Assert.Contains("data-point=\"cpgrams absolute\"", await first.GetStringAsync("/ur/desk/unconfirmed?of=law"), StringComparison.Ordinal);

        // Faults are told with line and column, and nothing is stored.
        var faulty = await Bring(first, Pack(yaml.Replace("category: certificates", "category: certificate", StringComparison.Ordinal)));
        Assert.Contains("services/domicile-certificate@2022-11-01.yaml:6:11: category: 'certificate' is not one of", WebUtility.HtmlDecode(await second.GetStringAsync(faulty)), StringComparison.Ordinal);
        Dictionary<string, string> accept = new() { ["what"] = "accept", ["government"] = "ut-1", ["from.day"] = "1", ["from.month"] = "12", ["from.year"] = "2026" };
        await Refused(second, faulty, accept, HttpStatusCode.Conflict, "The pack has faults");
        Assert.Equal(HttpStatusCode.SeeOther, (await second.Form(faulty, new() { ["what"] = "refuse" })).StatusCode);
        await Refused(second, await Bring(first, Pack(yaml)), new(accept), HttpStatusCode.Conflict, "in force here already");
        var law = await File.ReadAllTextAsync(Path.Combine(Cluster.RepositoryRoot, "data", "hr", "laws", "hr-rts-2025.yaml"), TestContext.Current.CancellationToken);
        await Refused(second, await Bring(first, Pack(law, "laws/hr-rts@2025-01-01.yaml")), new(accept), HttpStatusCode.Conflict, "does not have");

        var page = await Bring(first, Pack(yaml.Replace("limit: { days: 15 }", "limit: { days: 12 }", StringComparison.Ordinal)));
        var shown = WebUtility.HtmlDecode(await second.GetStringAsync(page));
        Assert.Matches("""(?s)data-change="limit.days".*?Time limit › Days.*?<del><bdi>15</bdi></del>.*?<ins><bdi>12</bdi></ins>""", shown);
        Assert.Single(Regex.Matches(shown, "data-change="));
        Assert.Contains("وقت کی حد › دن", WebUtility.HtmlDecode(await second.GetStringAsync(page.Replace("/en/", "/ur/", StringComparison.Ordinal))), StringComparison.Ordinal);
        var accepted = await Task.WhenAll(second.Form(page, new(accept)), second.Form(page, new(accept)));
        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Conflict], accepted.Select(a => a.StatusCode).Order());
        var directory = site.Services.GetRequiredService<IServiceDirectory>();
        Assert.Equal((15, 12), (directory.Find("domicile-certificate", new DateOnly(2026, 11, 30))!.Limit!.Days, directory.Find("domicile-certificate", new DateOnly(2026, 12, 1))!.Limit!.Days));
        Assert.Empty(await PackLoading.Load(site.Services, Path.Combine(Cluster.RepositoryRoot, "data", "jk"), _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(12, directory.Find("domicile-certificate", new DateOnly(2026, 12, 1))!.Limit!.Days);

        var lines = (await site.Services.GetRequiredService<IPackExchange>().Show(Pack(yaml.Replace("limit: { days: 15 }", "limit: { days: 9 }", StringComparison.Ordinal)), Portal.TextTests.Catalogue.In(Sahulat.Kernel.Language.Lang.En), TestContext.Current.CancellationToken)).Value;
        Assert.Contains("  limit.days: 15 -> 9", lines);
    }

    private static PackItem Item(string path, string yaml) => new(path, PackFile.Digest(yaml), yaml);

    private static byte[] Signed(params PackItem[] items) => Signed(PackFile.Format, items);

    private static byte[] Signed(string format, params PackItem[] items) =>
        PackFile.Write(new PackStatement(format, "elsewhere.example", At, "post:x", items, new Dictionary<string, string>()), Ed25519.PublicKey(Seed), m => Ed25519.Sign(Seed, m));

    private static async Task<HttpResponseMessage> Upload(HttpClient admin, byte[] file)
    {
        var token = Token().Match(await admin.GetStringAsync("/en/desk/packs"));
        using var form = new MultipartFormDataContent { { new StringContent("receive"), "what" }, { new ByteArrayContent(file), "file", "a.sahulat-pack" }, { new StringContent(WebUtility.HtmlDecode(token.Groups[1].Value)), "_form" } };
        return await admin.PostAsync("/en/desk/packs", form);
    }

    /// <summary>The page of the pack that was brought in.</summary>
    internal static async Task<string> Bring(HttpClient admin, byte[] file)
    {
        using var sent = await Upload(admin, file);
        Assert.True(sent.StatusCode == HttpStatusCode.SeeOther, WebUtility.HtmlDecode(await sent.Content.ReadAsStringAsync()));
        return sent.Headers.Location!.OriginalString;
    }

    private static async Task<string> Problem(HttpClient admin, byte[] file)
    {
        using var sent = await Upload(admin, file);
        return sent.StatusCode == HttpStatusCode.Conflict && (await sent.Content.ReadAsStringAsync()).Contains("brought in before", StringComparison.Ordinal) ? "pack-received-before" : sent.StatusCode.ToString();
    }

    private static async Task Refused(HttpClient admin, string page, Dictionary<string, string> fields, HttpStatusCode status, string text)
    {
        using var answer = await admin.Form(page, fields);
        var body = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {body}");
        Assert.Contains(text, body, StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
