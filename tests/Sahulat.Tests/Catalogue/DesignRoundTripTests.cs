using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Sahulat.Catalogue.Design;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Tests.Catalogue;

/// <summary>The file and the screen are one thing: every service of the pack goes through every screen and comes out as it went in.</summary>
public sealed class DesignRoundTripTests(Cluster cluster)
{
    [Fact, Trait("Category", "Long")]
    public async Task EveryService_ThroughEveryScreenUnchanged_IsTheSameService()
    {
        await using var site = await TestSite.Start(cluster);
        var (sheets, t) = (site.Services.GetRequiredService<Sheets>(), site.Services.GetRequiredService<TextCatalogue>().In(Lang.Ur));
        var screens = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "data", "jk", "services"), "*.yaml"))
        {
            var yaml = await File.ReadAllTextAsync(file);
            var document = ServiceDocument.Parse(yaml).Value;
            var before = document.Text();
            foreach (var sheet in sheets.All(document, t).ToArray())
            {
                var shown = new Dictionary<string, StringValues>(StringComparer.Ordinal);
                foreach (var input in sheet.Inputs) input.Show(sheet.Node, "", shown);
                var posted = new FormCollection(shown.ToDictionary(s => s.Key, s => new StringValues([.. s.Value.Select(v => v?.ReplaceLineEndings("\r\n"))])));
                var (name, type) = (sheet.Node.Scalar("name"), sheet.Node.Scalar("type"));
                foreach (var input in sheet.Inputs) input.Write(sheet.Node, "", posted);
                Changes.Settle(document, sheet, name, type, tidy: true);
                Assert.True(before == document.Text(), $"{Path.GetFileName(file)} {sheet.At}");
                screens++;
            }

            var again = ServiceDocument.Parse(before).Value.Text();
            Assert.Equal(before, again);
            Assert.Equal(Read(yaml), Read(again));
            Assert.Empty(site.Services.GetRequiredService<DraftCheck>().Of(document, document.Code).Faults);
        }

        Assert.True(screens > 600, $"{screens} screens");
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n", "yaml-not-plain")]
    [InlineData("a: !!int 1\n", "yaml-not-plain")]
    [InlineData("- a\n", "yaml-not-plain")]
    [InlineData("a: 1\n---\nb: 2\n", "yaml-not-plain")]
    [InlineData("a: [1\n", "yaml-broken")]
    [InlineData("a: 1\na: 2\n", "yaml-broken")]
    public void Parse_HostileOrBroken_IsRefused(string yaml, string code) => Assert.Equal(code, Assert.Single(ServiceDocument.Parse(yaml).Problem!.Faults).Code);

    [Theory]
    [InlineData("😀 # no: - comment")]
    [InlineData("line\nline \u2028 end\u00a0")]
    [InlineData("'\"\\ {x} [y] *a &b !c | > % @ `")]
    [InlineData("true")]
    [InlineData("012")]
    [InlineData("...")]
    public void Text_AnyWords_ComeBackAsTheyWere(string words)
    {
        var document = ServiceDocument.Parse("code: x\n").Value;
        document.Root.Put("name.en", words);
        Assert.Equal(words, ServiceDocument.Parse(document.Text()).Value.Root.Scalar("name.en"));
    }

    [Fact]
    public void Parse_EndlessDepthOrLength_IsRefused()
    {
        Assert.Equal("yaml-not-plain", ServiceDocument.Parse("a: " + new string('[', 50_000)).Problem!.Faults[0].Code);
        Assert.Equal("too-long", ServiceDocument.Parse("a: " + new string('x', ServiceDocument.Most)).Problem!.Faults[0].Code);
        Assert.Equal("yaml-not-plain", ServiceDocument.Parse("a: [" + string.Concat(Enumerable.Repeat("1,", 60_000)) + "1]").Problem!.Faults[0].Code);
    }

    [Fact]
    public void Rename_IsFollowedByConditionsChecksAndCertificate()
    {
        var document = ServiceDocument.Parse(PackTests.Small).Value;
        var field = (YamlMappingNode)document.At("form/pages/0/fields/1")!;
        var sheet = new Sheet("form/pages/0/fields/1", "form/pages/0/fields/1", "form", field, []) { Kind = "field", Title = "" };
        field.Put("name", "bright", word: true);
        Changes.Settle(document, sheet, "lit", "choice", tidy: true);
        Assert.Equal("bright", ((YamlMappingNode)document.At("form/pages/0/fields/2")!).Scalar("when.field"));
        var owner = (YamlMappingNode)document.At("form/pages/0/fields/0")!;
        owner.Put("name", "keeper", word: true);
        Changes.Settle(document, sheet with { Node = owner, Path = "form/pages/0/fields/0" }, "owner", "text", tidy: true);
        Assert.Equal("{keeper} {reference}", document.Root.Scalar("certificate.body.en"));
        var (service, faults) = PackTests.Read(document.Text());
        Assert.Empty(faults);
        Assert.Equal("bright", service.Form!.Pages[0].Fields[1].Name);
    }

    private static string Read(string yaml)
    {
        var faults = new List<PackFault>();
        var service = PackReading.One("x", yaml, faults, map => ServiceFile.Read(map, new PackFacts(null, null, null)));
        Assert.Empty(faults);
        return JsonSerializer.Serialize<ServiceVersion?>(service);
    }
}
