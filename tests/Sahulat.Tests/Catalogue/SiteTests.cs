using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Catalogue;
using Sahulat.Host;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

public sealed class SiteTests(Cluster cluster, SharedLoadedSite shared) : IClassFixture<SharedLoadedSite>
{
    private static readonly DateOnly Today = new(2026, 11, 2);

    [Fact]
    public async Task Pages_InEveryLanguage_ShowEveryService()
    {
        var site = shared.Site;
        using var client = site.Client();
        var services = site.Services.GetRequiredService<IServiceDirectory>().All(Today);
        Assert.NotEmpty(services);
        foreach (var lang in Lang.All)
        {
            var list = await client.GetStringAsync($"/{lang.Code}/services", TestContext.Current.CancellationToken);
            Assert.Contains($"lang=\"{lang.Code}\"", list, StringComparison.Ordinal);
            foreach (var service in services)
            {
                var page = await client.GetStringAsync($"/{lang.Code}/services/{service.Code}", TestContext.Current.CancellationToken);
                Assert.Contains(WebUtility.HtmlEncode(service.Name.In(lang)), page.Replace("&#x27;", "&#39;", StringComparison.Ordinal), StringComparison.Ordinal);
                Assert.DoesNotContain("catalogue.", page.Replace("catalogue.css", "", StringComparison.Ordinal), StringComparison.Ordinal);
                Assert.Equal(service.Online, page.Contains($"/{lang.Code}/apply/{service.Code}", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Get_ServiceNobodyKnows_Is404()
    {
        var site = shared.Site;
        using var client = site.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/en/services/no-such-thing", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/services/no-such-thing", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("q=domicile+banwana+hai", "domicile-certificate")]
    [InlineData("q=zzzzqqqq", "s-empty")]
    [InlineData("q=%00%ff&category=nonsense&department=x&page=-4", "s-empty")]
    [InlineData("category=utilities", "drinking-water-connection")]
    [InlineData("page=999", "s-card")]
    public async Task List_Query_Answers(string query, string expected)
    {
        var site = shared.Site;
        using var client = site.Client();
        Assert.Contains(expected, await client.GetStringAsync("/ur/services?" + query, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_Service_HoldsItsFormAndATag()
    {
        var site = shared.Site;
        using var client = site.Client();
        using var answer = await client.GetAsync("/api/v1/services/domicile-certificate?lang=hi", TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("अधिवास प्रमाण पत्र", body["name"]!.GetValue<string>());
        Assert.Equal(15, body["limit"]!["days"]!.GetValue<int>());
        Assert.Equal("applicant_for", body["form"]!["pages"]![0]!["fields"]![0]!["name"]!.GetValue<string>());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/services/domicile-certificate?lang=hi");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
        var found = JsonNode.Parse(await client.GetStringAsync("/api/v1/services?q=aamdani", TestContext.Current.CancellationToken))!;
        Assert.Equal("income-certificate", found["services"]![0]!["code"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.GetAsync("/api/v1/services?lang=xx", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Load_NewFileAlone_MakesAWorkingService_AndOldVersionsStay()
    {
        await using var site = await TestSite.Start(cluster);
        using var client = site.Client();
        var ct = TestContext.Current.CancellationToken;
        var pack = Directory.CreateTempSubdirectory("sahulat-pack-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(pack.FullName, Path.GetRelativePath(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            var mine = Path.Combine(pack.FullName, "services", "shop-sign.yaml");
            await File.WriteAllTextAsync(mine, PackTests.Small, ct);
            Assert.Empty(await PackLoading.Load(site.Services, pack.FullName, _ => { }, ct));
            Assert.Contains("/en/apply/shop-sign", await client.GetStringAsync("/en/services/shop-sign", ct), StringComparison.Ordinal);
            Assert.Contains("govuk-warning-text", await client.GetStringAsync("/en/services/shop-sign", ct), StringComparison.Ordinal);
            Assert.Contains("shop-sign", await client.GetStringAsync("/en/services?q=dukaan+ka+board+shop+sign", ct), StringComparison.Ordinal);
            var directory = site.Services.GetRequiredService<IServiceDirectory>();
            var first = directory.Find("shop-sign", Today)!;
            var form = site.Services.GetRequiredService<IForms>().For(first);
            Assert.Empty(form.Check(new JsonObject { ["owner"] = "A", ["lit"] = "no" }));
            Assert.Equal("/watts", Assert.Single(form.Check(new JsonObject { ["owner"] = "A", ["lit"] = "yes" })).Pointer);

            Assert.Empty(await PackLoading.Load(site.Services, pack.FullName, _ => { }, ct));
            Assert.Equal(1, directory.Find("shop-sign", Today)!.Version);
            await File.WriteAllTextAsync(mine, PackTests.Small.Replace("max: 20,", "max: 30,", StringComparison.Ordinal), ct);
            Assert.Empty(await PackLoading.Load(site.Services, pack.FullName, _ => { }, ct));
            Assert.Equal(2, directory.Find("shop-sign", Today)!.Version);
            Assert.Equal(20, directory.FindVersion("shop-sign", 1)!.Form!.Pages[0].Fields[0].Max);

            await File.WriteAllTextAsync(mine, PackTests.Small.Replace("place: tehsil", "place: town", StringComparison.Ordinal), ct);
            Assert.Single(await PackLoading.Load(site.Services, pack.FullName, _ => { }, ct));
            Assert.Equal(2, directory.Find("shop-sign", Today)!.Version);
        }
        finally
        {
            pack.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Load_UnknownLimitAndOfficer_SaysSoAndDoesNotOfferToApply()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Loaded);
        using var client = site.Client();
        var ct = TestContext.Current.CancellationToken;
        await site.Database.Execute("""
            insert into catalogue.service_version (code, version, valid_from, yaml, digest) values ('old-map', 1, '2020-01-01', @yaml, ''::bytea);
            update catalogue.revision set number = number + 1;
            """, new { yaml = PackTests.Small[..PackTests.Small.IndexOf("place:", StringComparison.Ordinal)].Replace("shop-sign", "old-map", StringComparison.Ordinal) + "law: jk-psga" }, ct);
        await Eventually.True(() => site.Services.GetRequiredService<IServiceDirectory>().Find("old-map", Today) is not null, "the new service is seen");
        var page = await client.GetStringAsync("/en/services/old-map", ct);
        Assert.Contains("The guarantee of an answer in time does not run", page, StringComparison.Ordinal);
        Assert.Contains("Not known", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/en/apply/old-map", page, StringComparison.Ordinal);
        Assert.False(site.Services.GetRequiredService<IServiceDirectory>().Find("old-map", Today)!.Guaranteed);
    }

    [Fact]
    public async Task Directory_OurPack_GivesTheLawsConventionToItsServices()
    {
        var site = shared.Site;
        var directory = site.Services.GetRequiredService<IServiceDirectory>();
        var law = directory.Law("jk-psga", Today)!;
        Assert.Equal(["first-appeal", "second-appeal", "revision"], law.Layers.Select(l => l.Code));
        var domicile = directory.Find("domicile-certificate", Today)!;
        Assert.True(domicile.Guaranteed);
        Assert.Equal(law.Convention, domicile.Limit!.Counting);
        Assert.Null(directory.Find("domicile-certificate", new DateOnly(2000, 1, 1)));
        Assert.Equal(domicile, directory.FindVersion("domicile-certificate", domicile.Version));
        Assert.Null(directory.FindVersion("domicile-certificate", 99));
    }

    [Fact]
    public async Task Revision_ChangedElsewhere_IsPickedUp()
    {
        await using var site = await TestSite.Start(cluster);
        var directory = site.Services.GetRequiredService<IServiceDirectory>();
        Assert.NotNull(directory.Find("domicile-certificate", Today));
        await site.Database.Execute("""
            insert into catalogue.service_version (code, version, valid_from, valid_to, yaml, digest)
            select 'copy-of-domicile', 1, valid_from, null, replace(yaml, 'code: domicile-certificate', 'code: copy-of-domicile'), digest from catalogue.service_version where code = 'domicile-certificate' and version = 1;
            update catalogue.revision set number = number + 1;
            """, ct: TestContext.Current.CancellationToken);
        await Eventually.True(() => directory.Find("copy-of-domicile", Today) is not null, "the other node's load is seen");
    }

    [Fact]
    public async Task Render_EveryPageOfEveryForm_InEveryLanguage()
    {
        var site = shared.Site;
        var forms = site.Services.GetRequiredService<IForms>();
        foreach (var service in site.Services.GetRequiredService<IServiceDirectory>().All(Today).Where(s => s.Online))
        {
            var form = forms.For(service);
            foreach (var lang in Lang.All)
            {
                foreach (var page in form.Pages)
                {
                    var html = await Draw(site.Services, form, page, [], lang);
                    Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "<h1"));
                    Assert.DoesNotContain("catalogue.", html, StringComparison.Ordinal);
                    foreach (var field in form.Visible(page, []).Where(f => f.Type is not (FieldType.Group or FieldType.Person or FieldType.Date)))
                        Assert.Contains($"name=\"{field.Name}\"", html, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task Render_Group_ShowsRowsAnswersAndButtons()
    {
        var site = shared.Site;
        var form = FormTests.Compile(PackTests.Read(FormYaml.Everything).Service.Form!);
        var answers = FormTests.Right();
        answers["heirs"]!.AsArray().Add(new JsonObject { ["name"] = "Second <b>" });
        var html = await Draw(site.Services, form, form.Pages.Single(p => p.Id == "heirs"), answers, Lang.Ur);
        Assert.Contains("name=\"heirs.1.name\"", html, StringComparison.Ordinal);
        Assert.Contains("Second &lt;b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("value=\"heirs/1\"", html, StringComparison.Ordinal);
        Assert.Contains("name=\"_add\"", html, StringComparison.Ordinal);
        html = await Draw(site.Services, form, form.Pages.Single(p => p.Id == "people"), answers, Lang.En);
        Assert.Contains("name=\"witness.born_on.day\"", html, StringComparison.Ordinal);
        html = await Draw(site.Services, form, form.Pages.Single(p => p.Id == "papers"), answers, Lang.En);
        Assert.Contains("a.pdf", html, StringComparison.Ordinal);
    }

    private static async Task<string> Draw(IServiceProvider services, CompiledForm form, FormPage page, JsonObject answers, Lang lang)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Texts>().Lang = lang;
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var action = new ActionContext(http, new RouteData(), new Microsoft.AspNetCore.Mvc.Abstractions.ActionDescriptor());
        var view = new ViewDataDictionary(new EmptyModelMetadataProvider(), new ModelStateDictionary());
        await using var writer = new StringWriter();
        var html = scope.ServiceProvider.GetRequiredService<IHtmlHelper>();
        var context = new ViewContext(action, new Nothing(), view, scope.ServiceProvider.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(http), writer, new HtmlHelperOptions());
        ((IViewContextAware)html).Contextualize(context);
        var content = await scope.ServiceProvider.GetRequiredService<IFormRenderer>().Render(html, form, page, answers);
        content.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        return writer.ToString();
    }

    private sealed class Nothing : Microsoft.AspNetCore.Mvc.ViewEngines.IView
    {
        public string Path => "";

        public Task RenderAsync(ViewContext context) => Task.CompletedTask;
    }
}
