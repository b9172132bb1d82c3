using System.Globalization;
using CsvHelper;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

/// <summary>No English letters where the reader asked for another language.</summary>
public sealed class NamesInDataTests
{
    private static readonly string Pack = Path.Combine(Cluster.RepositoryRoot, "data", "jk");

    [Theory]
    [InlineData("places.csv", 598)]
    [InlineData("departments.csv", 40)]
    [InlineData("designations.csv", 60)]
    [InlineData("holidays.csv", 100)]
    public void Names_OfFile_AreInTheirScripts(string file, int atLeast)
    {
        using var csv = new CsvReader(new StreamReader(Path.Combine(Pack, file)), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Cast<IDictionary<string, object>>().ToList();
        Assert.True(rows.Count >= atLeast, $"{file}: {rows.Count}");
        foreach (var (row, lang) in rows.SelectMany(_ => new[] { "hi", "ur", "ks", "doi" }, (r, l) => (r, l)))
            Assert.True(Fits((string)row["name_" + lang], lang) && !((string)row["name_" + lang]).Any(char.IsAsciiLetter), $"{file}: {row["name_en"]} in {lang}: {row["name_" + lang]}");
    }

    [Fact]
    public void Services_AreTheWholeList_EachRowOnce()
    {
        var services = Services();
        Assert.Equal(Enumerable.Range(1, 76), services.Select(s => s.Row ?? 0).Order());
        Assert.Equal(22, services.Count(s => s.Online));
        Assert.All(services, s => Assert.True(s.Keywords.Count == 6 && s.Keywords.Values.All(w => w.Count > 0), s.Code));
    }

    [Fact]
    public void Texts_OfServices_AreInTheirScripts()
    {
        foreach (var service in Services())
        {
            var texts = new List<LocalText> { service.Name, service.Summary };
            texts.AddRange(service.Steps.Select(s => s.Name));
            texts.AddRange(service.RejectReasons.Select(r => r.Text));
            foreach (var page in service.Form?.Pages ?? [])
            {
                texts.Add(page.Title);
                texts.AddRange(page.Fields.SelectMany(f => f.Fields.Append(f)).SelectMany(f => f.Options.Select(o => o.Label).Append(f.Label)));
            }

            foreach (var (text, lang) in texts.SelectMany(_ => new[] { "hi", "ur", "ks", "doi" }, (t, l) => (t, l)))
                Assert.True(Fits(text[lang], lang), $"{service.Code}: '{text[lang]}' in {lang}");
        }
    }

    private static List<ServiceVersion> Services()
    {
        var facts = new PackFacts(null, null, null);
        return [.. Directory.EnumerateFiles(Path.Combine(Pack, "services"), "*.yaml").Select(f => PackReading.One(f, File.ReadAllText(f), [], m => ServiceFile.Read(m, facts))!)];
    }

    private static bool Fits(string text, string lang) =>
        text.Any(c => lang is "hi" or "doi" ? c is >= '\u0900' and <= '\u097F' : c is >= '\u0600' and <= '\u06FF');
}
