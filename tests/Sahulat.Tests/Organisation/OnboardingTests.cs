using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Rollout;
using Sahulat.Tests.Office;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Organisation;

/// <summary>Offices, posts, users, mail ids and VPN accounts come on board, by lists and by the identity system.</summary>
public sealed partial class OnboardingTests(Cluster cluster)
{
    private const string Admin = "sahulat-administrator@ut-1", Clerk = "revenue-clerk@tehsil-79";

    [Fact, Trait("Category", "Long")]
    public async Task ListsOfThePublishedSize_ReproduceThePublishedState_AndTwiceChangesNothing()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var admin = await site.Official(Admin);
        var tehsils = site.Services.GetRequiredService<OrganisationDirectory>().OfKind("tehsil");
        string Place(int i) => tehsils[i % tehsils.Count].Code;
        var offices = List("code,name_en,department,place,phase", 3804, i => $"on-{i},Office {i},revenue,{Place(i)},{1 + (i % 4)}");
        var users = List("employee,name,sign_in,office,phase,training", 20517, i => $"E{i},Person {i},e{i},on-{i % 3804},{1 + (i % 4)},{(i % 2 == 0 ? "done" : "none")}");
        var mails = List("address,employee,phase", 20580, i => $"m{i}@jk.example,E{i % 20517},2");
        var vpn = List("account,employee,phase", 11375, i => $"vpn-{i},E{i},2");
        foreach (var (kind, list) in new[] { ("office", offices), ("user", users), ("mail", mails), ("vpn", vpn) }) Assert.Contains("class=\"s-success\"", await Send(admin, kind, list), StringComparison.Ordinal);

        var page = await admin.GetStringAsync("/en/desk/onboarding");
        foreach (var shown in new[] { "95.28 %", "95.94 %", "20,517 of 21,533", "3,804 of 3,965", "20,580", "11,375", "Published: 20,517 = 95.28 %" }) Assert.Contains(shown, page, StringComparison.Ordinal);
        var board = (await site.Services.GetRequiredService<Board>().Of(null, default))!;
        Assert.Equal([1, 2, 3, 4], board.Phases.Select(p => p.Phase));
        Assert.Equal((20517, 3804, 20580, 11375, 10259), (board.Whole.Tally.Users, board.Whole.Tally.Offices, board.Whole.Tally.Mails, board.Whole.Tally.Vpn, board.Whole.Tally.Trained));
        Assert.Equal((21533, 3965, 20517), (board.Rows.Sum(r => r.UserTarget), board.Rows.Sum(r => r.OfficeTarget), board.Rows.Sum(r => r.Tally.Users)));
        var district = board.Rows.First(r => r.Place is not null);
        var inside = (await site.Services.GetRequiredService<Board>().Of(district.Place!.Code, default))!;
        Assert.Equal((district.UserTarget, district.Tally.Users), (inside.Rows.Sum(r => r.UserTarget), inside.Rows.Sum(r => r.Tally.Users)));
        var csv = await admin.GetStringAsync("/en/desk/onboarding.csv");
        Assert.Contains("\"20517\",\"21533\",\"95.28\",\"3804\",\"3965\",\"95.94\"", csv, StringComparison.Ordinal);

        var entries = await site.Database.One<long>("select count(*) from journal.entry");
        Assert.Contains("20,517 were here already", await Send(admin, "user", users), StringComparison.Ordinal);
        Assert.Equal(entries, await site.Database.One<long>("select count(*) from journal.entry"));
        // A pack that does not know the new offices leaves them.
        Assert.Empty(await Sahulat.Host.PackLoading.Load(site.Services, System.IO.Path.Combine(Cluster.RepositoryRoot, "data", "jk"), _ => { }, default));
        Assert.Equal(3804, await site.Database.One<int>("select count(*)::int from organisation.office where origin = 'onboarding' and valid_to is null"));
    }

    [Fact]
    public async Task Import_TellsEveryFaultByLineAndColumn_AndStoresNothing_TrialNeither()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var admin = await site.Official(Admin);
        var wrong = await Send(admin, "user", "employee,name,sign_in,office,phase,post,trained_on\nE1,A,a b,nowhere,12,,\nE1,,e2,tehsil-office@tehsil-79,1,tehsildar@tehsil-79,2026-13-01\n\"E3", "take");
        var faults = Cells().Matches(wrong).Select(m => (int.Parse(m.Groups[1].Value, null), int.Parse(m.Groups[2].Value, null))).ToArray();
        Assert.Equal([(2, 6), (2, 10), (2, 18), (3, 1), (3, 4), (3, 34), (3, 54), (4, 1), (4, 1)], faults.Order());
        foreach (var said in new[] { "there is no office nowhere", "stands on line 2 already", "somebody else holds the post tehsildar@tehsil-79", "is opened and never closed" }) Assert.Contains(said, wrong, StringComparison.Ordinal);
        Assert.Contains("would add 1", await Send(admin, "user", "employee,name,sign_in,office,phase\nE1,A B,ab,tehsil-office@tehsil-79,1\n", "try"), StringComparison.Ordinal);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from organisation.onboarding"));
        Assert.Contains("href=\"#f-list\"", await Send(admin, "user", ""), StringComparison.Ordinal);
        Assert.Contains("column phase is missing", await Send(admin, "vpn", "account,employee\nx,y\n"), StringComparison.Ordinal);
        using var clerk = await site.Official(Clerk);
        Assert.Equal(HttpStatusCode.Forbidden, (await clerk.GetAsync("/en/desk/onboarding")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await clerk.GetAsync("/en/desk/onboarding.csv")).StatusCode);
        using var secretary = await site.Official("chief-secretary@ut-1");
        Assert.Equal(HttpStatusCode.OK, (await secretary.GetAsync("/ur/desk/onboarding?place=district-5")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await secretary.GetAsync("/en/desk/onboarding/people")).StatusCode);
    }

    [Fact]
    public async Task InvitedOfficial_SignsInAndMovesAFile_AndTheBoardFollows()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var admin = await site.Official(Admin);
        var office = site.Services.GetRequiredService<OrganisationDirectory>().Post(Clerk)!.Office;
        await Send(admin, "post", $"code,office,designation,phase\nsecond-clerk@tehsil-79,{office},revenue-clerk,2\n");
        Assert.Contains("class=\"s-success\"", await Send(admin, "user", $"employee,name,sign_in,office,phase,post\nE7,Asha Dar,asha.dar,{office},2,second-clerk@tehsil-79\nE8,Dar Asha,asha2,{office},2,\n"), StringComparison.Ordinal);
        var page = await (await admin.Form("/en/desk/onboarding/people", new() { ["do"] = "invite", ["who"] = "E7" })).Content.ReadAsStringAsync();
        var password = Password().Match(page).Value;
        Assert.DoesNotContain(password, await admin.GetStringAsync("/en/desk/onboarding/people"), StringComparison.Ordinal);

        using var asha = site.Client();
        var enrol = await (await asha.Form("/en/desk/sign-in", new() { ["name"] = "asha.dar", ["password"] = password, ["code"] = "", ["back"] = "" })).Content.ReadAsStringAsync();
        var entered = await asha.Form("/en/desk/sign-in", new() { ["name"] = "asha.dar", ["password"] = password, ["code"] = SignedIn.Totp(Secret().Match(enrol).Value), ["back"] = "" });
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        var file = await asha.OpenFile("second-clerk@tehsil-79", "ONB/1/2026");
        Assert.Equal(HttpStatusCode.SeeOther, (await site.OnFile(asha, file, "send", ("text", "For orders."), ("to", "tehsildar@tehsil-79"))).StatusCode);
        await site.CatchUp();
        var board = (await site.Services.GetRequiredService<Board>().Of(null, default))!;
        Assert.Equal((2, 1, 1, 1), (board.Whole.Tally.Users, board.Whole.Tally.Invited, board.Whole.Tally.SignedIn, board.Whole.Tally.Moved));
        Assert.Contains("Asha Dar", await admin.GetStringAsync("/en/desk/onboarding/people?state=moved"), StringComparison.Ordinal);
        // Who has signed in keeps the password of his own.
        Assert.Equal(HttpStatusCode.Conflict, (await admin.Form("/en/desk/onboarding/people", new() { ["do"] = "invite", ["who"] = "E7" })).StatusCode);

        // The same name in the same office, in another order: shown, and ended when it is one person.
        Assert.Contains("Perhaps there twice: 1", await admin.GetStringAsync("/en/desk/onboarding/people"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await admin.Form("/en/desk/onboarding/people", new() { ["do"] = "same", ["one"] = "E7", ["other"] = "E8" })).StatusCode);
        Assert.Equal(1, (await site.Services.GetRequiredService<Board>().Of(null, default))!.Whole.Tally.Users);
        Assert.False(await site.Database.One<bool>("select \"Active\" from access.official where \"UserName\" = 'asha2'"));
        var id = await site.Database.One<Guid>("select official from organisation.onboarding where key = 'E7'");
        Assert.Equal(["access.account-opened", "organisation.official-invited", "access.first-signed-in"], (await site.Database.Stream($"official/{id:N}")).Select(e => e.Kind));
    }

    [Theory]
    [InlineData(20517, 95.28, 21533)]
    [InlineData(3804, 95.94, 3965)]
    [InlineData(1, 100, 1)]
    [InlineData(1, 99.99, null)]
    public void Target_FollowsFromCountAndPercentage(int count, double percent, int? target) => Assert.Equal(target, Coverage.Target(count, (decimal)percent));

    [Fact]
    public void Apportion_SharesAddUpToTheWhole() => Prop.ForAll<NonNegativeInt, NonNegativeInt[]>((whole, many) =>
    {
        int[] weights = [.. many.Select(w => w.Item)];
        var shares = Coverage.Apportion(whole.Item, weights);
        return weights.Sum() == 0 || shares.Sum() == whole.Item && shares.All(s => s >= 0);
    }).QuickCheckThrowOnFailure();

    internal static string List(string header, int rows, Func<int, string> row) => header + "\n" + string.Join('\n', Enumerable.Range(0, rows).Select(row)) + "\n";

    internal static async Task<string> Send(HttpClient admin, string kind, string list, string way = "take")
    {
        const string path = "/en/desk/onboarding/import";
        var token = WebUtility.HtmlDecode(Token().Match(await admin.GetStringAsync(path)).Groups[1].Value);
        using var form = new MultipartFormDataContent { { new StringContent(token), "_form" }, { new StringContent(kind), "kind" }, { new StringContent(way), "way" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(list)), "list", "list.csv" } };
        using var answer = await admin.PostAsync(path, form);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is 200 or 422, page);
        return WebUtility.HtmlDecode(page);
    }

    [GeneratedRegex("name=\"_form\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<tr><td class=\"s-num\">(\\d+)</td><td class=\"s-num\">(\\d+)</td>")]
    private static partial Regex Cells();

    [GeneratedRegex("(?<![a-z0-9-])[a-z2-9]{4}(-[a-z2-9]{4}){3}(?![a-z0-9-])")]
    private static partial Regex Password();

    [GeneratedRegex("[A-Z2-7]{32}")]
    private static partial Regex Secret();
}
