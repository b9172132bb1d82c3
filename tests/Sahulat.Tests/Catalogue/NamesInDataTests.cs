using System.Globalization;
using CsvHelper;
using Sahulat.Catalogue.Load;
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
            Assert.True(Fits((string)row["name_" + lang], lang), $"{file}: {row["name_en"]} in {lang}: {row["name_" + lang]}");
    }

    [Fact]
    public async Task Texts_OfServices_AreInTheirScripts()
    {
        var (_, services, _) = await PackReading.Read(Pack, CancellationToken.None);
        foreach (var service in services)
        {
            var texts = new List<LocalText> { service.Name, service.Summary };
            texts.AddRange(service.Steps.Select(s => s.Name));
            texts.AddRange(service.RejectReasons.Select(r => r.Text));
            foreach (var page in service.Form?.Pages ?? [])
            {
                texts.Add(page.Title);
                texts.AddRange(page.Fields.Select(f => f.Label));
            }

            foreach (var (text, lang) in texts.SelectMany(_ => new[] { "hi", "ur", "ks", "doi" }, (t, l) => (t, l)))
                Assert.True(Fits(text.In(lang), lang), $"{service.Code}: '{text.In(lang)}' in {lang}");
        }
    }

    private static bool Fits(string text, string lang) =>
        text.Length > 0 && !text.Any(char.IsAsciiLetter)
        && text.Any(c => lang is "hi" or "doi" ? c is >= '\u0900' and <= '\u097F' : c is >= '\u0600' and <= '\u06FF');
}
