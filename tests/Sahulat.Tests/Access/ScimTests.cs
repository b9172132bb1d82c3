using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Access.Scim;
using Sahulat.Access.Systems;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Access;

/// <summary>An identity system provisions officials over SCIM 2.0.</summary>
public sealed class ScimTests(Cluster cluster)
{
    private const string Users = "/scim/v2/Users", Groups = "/scim/v2/Groups", Clerk = "naib-tehsildar@tehsil-79";

    [Fact]
    public async Task LibrariesOfOthers_AgreeOnFiltersPatchesAndShapes()
    {
        var folder = Path.Combine(Cluster.RepositoryRoot, "tests", "Scim");
        if (!File.Exists(Path.Combine(folder, "node_modules", "scimmy", "package.json"))) await Run("npm", folder, "ci", "--no-audit", "--no-fund", "--silent");
        await using var site = await TestSite.Start(cluster);
        var key = await site.Services.GetRequiredService<ApiKeys>().Create("directory", "test", [Policies.ProvisionScope], default);
        var told = JsonNode.Parse(await Run("node", folder, "agree.mjs", site.Address.ToString().TrimEnd('/'), key))!;
        Assert.Equal("[]", told["differ"]!.ToJsonString());
        Assert.Equal(8, (int)told["users"]!);
    }

    [Fact]
    public async Task Patch_ActiveFalse_EndsSessionsAtOnce_AndDeleteKeepsTheJournal()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var scim = await site.System(Policies.ProvisionScope);
        using var clerk = await site.Official(Clerk);
        Assert.Equal(HttpStatusCode.OK, (await clerk.GetAsync("/en/desk")).StatusCode);
        var found = await Json(await scim.GetAsync($"{Users}?filter=" + Uri.EscapeDataString($"userName eq \"{Clerk}\"")));
        var id = (string)Assert.Single(found["Resources"]!.AsArray())!["id"]!;

        await Json(await Patch(scim, $"{Users}/{id}", """[{"op":"Replace","path":"active","value":"False"}]"""));
        Assert.Equal(HttpStatusCode.Redirect, (await clerk.GetAsync("/en/desk")).StatusCode);
        using var again = site.Client();
        var refused = await again.Form("/en/desk/sign-in", new() { ["name"] = Clerk, ["password"] = Sahulat.Access.Demo.DemoOfficials.Password, ["code"] = SignedIn.Totp(Sahulat.Access.Demo.DemoOfficials.Secret), ["back"] = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        await Json(await Patch(scim, $"{Users}/{id}", """[{"op":"replace","value":{"active":true}}]"""));
        using var back = await site.Official(Clerk);
        // The old cookie stays worthless even so.
        Assert.Equal(HttpStatusCode.OK, (await back.GetAsync("/en/desk")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await scim.DeleteAsync($"{Users}/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await scim.GetAsync($"{Users}/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await back.GetAsync("/en/desk")).StatusCode);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from organisation.holding where official = @id::uuid and held_until is null", new { id }));
        Assert.Equal(["access.first-signed-in", "access.account-deactivated", "access.account-reactivated", "access.account-removed"], (await site.Database.Stream($"official/{Guid.Parse(id):N}")).Select(e => e.Kind));
        Assert.Equal(HttpStatusCode.Created, (await Post(scim, Users, $$"""{"userName":"{{Clerk}}","displayName":"Successor"}""")).StatusCode);
    }

    [Fact]
    public async Task GroupNamedAsPost_GivesAndTakesThePost_ForKeysThatMay()
    {
        await using var site = await TestSite.Start(cluster);
        using var plain = await site.System(Policies.ProvisionScope);
        using var scim = await site.System(Policies.ProvisionScope, Policies.PostScope);
        var first = (string)(await Json(await Post(scim, Users, """{"userName":"a.bhat","displayName":"A Bhat"}""")))["id"]!;
        var second = (string)(await Json(await Post(scim, Users, """{"userName":"b.dar","displayName":"B Dar"}""")))["id"]!;
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(plain, Groups, $$"""{"displayName":"{{Clerk}}","members":[{"value":"{{first}}"}]}""")).StatusCode);
        var group = await Json(await Post(scim, Groups, $$"""{"displayName":"{{Clerk}}","members":[{"value":"{{first}}"}]}"""));
        var path = $"{Groups}/{group["id"]}";
        Task<int> Held(string id) => site.Database.One<int>("select count(*)::int from organisation.holding where official = @id::uuid and post = @Clerk", new { id, Clerk });
        Assert.Equal(1, await Held(first));

        var held = await Patch(scim, path, $$"""[{"op":"add","path":"members","value":[{"value":"{{second}}"}]}]""");
        Assert.Equal((HttpStatusCode.Conflict, "uniqueness"), (held.StatusCode, (string)JsonNode.Parse(await held.Content.ReadAsStringAsync())!["scimType"]!));
        Assert.Equal(0, await Held(second));
        Assert.Single((await Json(await scim.GetAsync(path)))["members"]!.AsArray());
        await Json(await Patch(scim, path, $$"""[{"op":"remove","path":"members[value eq \"{{first}}\"]"},{"op":"add","path":"members","value":[{"value":"{{second}}"}]}]"""));
        Assert.Equal((0, 1), (await Held(first), await Held(second)));
        Assert.Equal(Clerk, (string)(await Json(await scim.GetAsync($"{Users}/{second}")))["groups"]![0]!["display"]!);
        Assert.Equal(3, await site.Database.One<int>("select count(*)::int from journal.entry where stream = @stream", new { stream = "post/" + Clerk }));
        // Without the scope for posts a group of that kind cannot be touched, a plain one can.
        Assert.Equal(HttpStatusCode.Forbidden, (await plain.DeleteAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Post(plain, Groups, $$"""{"displayName":"Batch 7","members":[{"value":"{{first}}"}]}""")).StatusCode);
    }

    [Fact]
    public async Task Tags_KeepTwoSystemsFromOverwritingEachOther_AndPagesAreCounted()
    {
        await using var site = await TestSite.Start(cluster);
        using var scim = await site.System(Policies.ProvisionScope);
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Created, (await Post(scim, Users, $$"""{"userName":"u{{i}}","externalId":"x{{i}}","name":{"givenName":"N{{4 - i}}"} }""")).StatusCode);
        var made = await Post(scim, Users, """{"userName":"tagged"}""");
        var (path, tag) = (made.Headers.Location!.ToString(), made.Headers.ETag!.ToString());
        async Task<HttpStatusCode> With(string name, string value, HttpMethod method, string? body = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Body(body) };
            request.Headers.TryAddWithoutValidation(name, value);
            return (await scim.SendAsync(request)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotModified, await With("If-None-Match", tag, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.OK, await With("If-Match", tag, HttpMethod.Put, """{"userName":"tagged","title":"Clerk"}"""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await With("If-Match", tag, HttpMethod.Put, """{"userName":"tagged","title":"Lost"}"""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await With("If-Match", tag, HttpMethod.Delete));
        Assert.Equal("Clerk", (string)(await Json(await scim.GetAsync(path)))["title"]!);

        var page = await Json(await scim.GetAsync($"{Users}?startIndex=2&count=2&sortBy=name.givenName&sortOrder=descending&filter={Uri.EscapeDataString("userName sw \"u\"")}&attributes=userName"));
        Assert.Equal((5, 2, 2), ((int)page["totalResults"]!, (int)page["startIndex"]!, (int)page["itemsPerPage"]!));
        Assert.Equal(["u1", "u2"], page["Resources"]!.AsArray().Select(r => (string)r!["userName"]!));
        Assert.Equal(["id", "schemas", "userName"], page["Resources"]![0]!.AsObject().Select(a => a.Key).Order());
        Assert.Equal(6, (int)(await Json(await scim.GetAsync($"{Users}?count=0")))["totalResults"]!);
        Assert.Equal("x3", (string)Assert.Single((await Json(await Post(scim, Users + "/.search", """{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"externalId eq \"x3\""}""")))["Resources"]!.AsArray())!["externalId"]!);
    }

    [Fact]
    public async Task Refusals_AreScimErrors_AndChangeNothing()
    {
        await using var site = await TestSite.Start(cluster);
        using var scim = await site.System(Policies.ProvisionScope);
        using var other = await site.System(Policies.FileScope);
        using var nobody = site.Client();
        var id = (string)(await Json(await Post(scim, Users, """{"userName":"one","displayName":"One"}""")))["id"]!;
        async Task Refused(Task<HttpResponseMessage> call, int status, string? type)
        {
            using var answer = await call;
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal("application/scim+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal((status, $"{status}", type, ScimRefusal.Schema), ((int)answer.StatusCode, (string)body["status"]!, (string?)body["scimType"], (string)body["schemas"]![0]!));
        }

        await Refused(nobody.GetAsync(Users), 401, null);
        await Refused(other.GetAsync(Users), 403, null);
        await Refused(scim.GetAsync("/scim/v2/Nothing"), 404, null);
        await Refused(Post(scim, "/scim/v2/Bulk", "{}"), 501, null);
        await Refused(scim.GetAsync($"{Users}/{Guid.NewGuid()}"), 404, null);
        await Refused(scim.GetAsync($"{Users}/robert'); drop table--"), 404, null);
        await Refused(scim.GetAsync($"{Users}?filter=userName"), 400, "invalidFilter");
        await Refused(scim.GetAsync($"{Users}?filter={new string('(', 2000)}"), 400, "invalidFilter");
        await Refused(Post(scim, Users, """{"userName":"ONE"}"""), 409, "uniqueness");
        await Refused(Post(scim, Users, """{"displayName":"x"}"""), 400, "invalidValue");
        await Refused(Post(scim, Users, """{"userName":"a b"}"""), 400, "invalidValue");
        await Refused(Post(scim, Users, """{"userName":17}"""), 400, "invalidValue");
        await Refused(Post(scim, Users, "{\"userName\":"), 400, "invalidSyntax");
        await Refused(Post(scim, Users, "[]"), 400, "invalidSyntax");
        await Refused(Post(scim, Users, $$"""{"userName":"{{new string('x', 1_200_000)}}"}"""), 413, null);
        await Refused(Patch(scim, $"{Users}/{id}", "[]"), 400, "invalidSyntax");
        await Refused(Patch(scim, $"{Users}/{id}", """[{"op":"replace","path":"displayName","value":"Two"},{"op":"replace","path":"id","value":"x"}]"""), 400, "mutability");
        await Refused(Patch(scim, $"{Users}/{id}", """[{"op":"remove","path":"userName"}]"""), 400, "mutability");
        await Refused(Patch(scim, $"{Users}/{id}", """[{"op":"remove"}]"""), 400, "noTarget");
        await Refused(Patch(scim, $"{Users}/{id}", """[{"op":"replace","path":"emails[type eq \"work\"].value","value":"x"}]"""), 400, "noTarget");
        await Refused(Patch(scim, $"{Users}/{id}", """[{"op":"add","path":"shoeSize","value":"44"}]"""), 400, "invalidPath");
        await Refused(Patch(scim, $"{Users}/{id}", """[{"op":"add","path":"emails[","value":"44"}]"""), 400, "invalidPath");
        await Refused(Post(scim, Groups, $$"""{"displayName":"g","members":[{"value":"{{Guid.NewGuid()}}"}]}"""), 400, "invalidValue");
        Assert.Equal("One", (string)(await Json(await scim.GetAsync($"{Users}/{id}")))["displayName"]!);
        Assert.Empty((await Json(await scim.GetAsync(Groups)))["Resources"]!.AsArray());
        Assert.Equal(["access.account-opened"], (await site.Database.Stream($"official/{Guid.Parse(id):N}")).Select(e => e.Kind));
    }

    private static HttpContent Body(string json) => new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/scim+json"));

    private static Task<HttpResponseMessage> Post(HttpClient client, string path, string json) => client.PostAsync(path, Body(json));

    private static Task<HttpResponseMessage> Patch(HttpClient client, string path, string operations) =>
        client.PatchAsync(path, Body($$"""{"schemas":["{{ScimPatch.Schema}}"],"Operations":{{operations}}}"""));

    private static async Task<JsonNode> Json(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    private static async Task<string> Run(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await error}");
        return await output;
    }
}
