using System.Net;
using System.Text.RegularExpressions;
using Sahulat.Cases.Anonymous;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

public sealed partial class AnonymousTests(Cluster cluster)
{
    [Fact]
    public async Task Reported_WithoutAName_FollowedByCode_Asked_Answered()
    {
        await using var site = await Desks.Start(cluster);
        using var anyone = site.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/en/complain/water-supply/anonymous")).StatusCode);
        var empty = await anyone.Form("/en/complain/corruption/anonymous", new() { ["place"] = "district-5" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        var fields = new Dictionary<string, string> { ["place"] = "district-5", ["happened"] = "A clerk asks for money for each file.", ["sending"] = "00112233445566778899aabbccddeeff" };
        var sent = WebUtility.HtmlDecode(await (await anyone.Form("/ur/complain/corruption/anonymous", new(fields))).Content.ReadAsStringAsync());
        var again = WebUtility.HtmlDecode(await (await anyone.Form("/ur/complain/corruption/anonymous", new(fields))).Content.ReadAsStringAsync());
        var (reference, code) = (Written().Match(sent).Value, Code().Match(sent).Value);
        Assert.Equal((reference, code), (Written().Match(again).Value, Code().Match(again).Value));
        Assert.Equal(1, await site.Database.One<int>("select count(*)::int from cases.grievance"));
        var row = await site.Database.One<(Guid Applicant, string By)>("""select applicant, filed_by from cases."case" """);
        Assert.Equal("sahulat:anonymous", row.By);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from access.citizen where id = @Applicant", new { row.Applicant }));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await anyone.Form("/en/complain/follow", new() { ["reference"] = reference, ["code"] = "0000000000" })).StatusCode);
        using var bureau = await site.Official("director-anti-corruption-bureau@ut-1");
        var plain = reference.Replace("-", "", StringComparison.Ordinal);
        Assert.Contains("Did not say who he is", await bureau.Page($"/en/desk/cases/{plain}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await site.Act(bureau, plain, "query", "In which office, and when?")).StatusCode);
        var asked = WebUtility.HtmlDecode(await (await anyone.Form("/en/complain/follow", new() { ["reference"] = reference, ["code"] = code.ToLowerInvariant() })).Content.ReadAsStringAsync());
        Assert.Contains("In which office, and when?", asked, StringComparison.Ordinal);
        var answered = await anyone.Form("/en/complain/follow", new() { ["reference"] = reference, ["code"] = code, ["do"] = "answer", ["answer"] = "At the tehsil office, on Tuesday." });
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Contains("At the tehsil office, on Tuesday.", await bureau.Page($"/en/desk/cases/{plain}"), StringComparison.Ordinal);
        await site.CatchUp();
    }

    [Theory]
    [InlineData("ABCDE-FGH1J", "ABCDEFGH1J")]
    [InlineData(" abcde fghoj ", "ABCDEFGH0J")]
    [InlineData("ABCDEFGH1", null)]
    [InlineData("ABCDEFGHU1", null)]
    [InlineData(null, null)]
    public void Parse_TakesWhatPeopleType(string? written, string? code) => Assert.Equal(code, FollowCode.Parse(written));

    [GeneratedRegex("JK26-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")]
    private static partial Regex Written();

    [GeneratedRegex("(?<=>)[0-9A-Z]{5}-[0-9A-Z]{5}(?=<)")]
    private static partial Regex Code();
}
