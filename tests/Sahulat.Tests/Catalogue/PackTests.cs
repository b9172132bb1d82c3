using Sahulat.Catalogue.Load;
using Sahulat.Kernel;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

public sealed class PackTests
{
    public const string Small = """
        code: shop-sign
        valid_from: 2026-01-01
        department: revenue
        category: business
        name: { en: "Shop sign", hi: "दुकान का बोर्ड", ur: "دکان کا بورڈ", ks: "وانُک بورڈ", doi: "हट्टी दा बोर्ड" }
        summary: { en: "s", hi: "s", ur: "s", ks: "s", doi: "s" }
        source: { confidence: low }
        place: tehsil
        online: true
        form:
          pages:
            - id: one
              title: { en: "One", hi: "One", ur: "One", ks: "One", doi: "One" }
              fields:
                - { name: owner, type: text, max: 20, label: { en: "Owner", hi: "o", ur: "o", ks: "o", doi: "o" } }
                - name: lit
                  type: choice
                  label: { en: "Lit?", hi: "o", ur: "o", ks: "o", doi: "o" }
                  options:
                    - { code: "yes", label: { en: "Yes", hi: "o", ur: "o", ks: "o", doi: "o" } }
                    - { code: "no", label: { en: "No", hi: "o", ur: "o", ks: "o", doi: "o" } }
                - { name: watts, type: number, min: 1, max: 500, when: { field: lit, is: "yes" }, label: { en: "Watts", hi: "o", ur: "o", ks: "o", doi: "o" } }
        workflow:
          steps:
            - { code: decide, name: { en: "Decide", hi: "o", ur: "o", ks: "o", doi: "o" }, officer: { designation: tehsildar, level: tehsil }, actions: [query, approve, reject] }
        certificate: { title: { en: "t", hi: "t", ur: "t" }, body: { en: "{owner} {reference}", hi: "{owner}", ur: "{owner}" }, valid_years: 1 }
        """;

    [Fact]
    public async Task Read_OurPack_HasNoFault()
    {
        var (_, services, _, faults) = await PackReading.Read(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), CancellationToken.None);
        Assert.Empty(faults.Select(f => f.ToString()));
        Assert.Equal(76, services.Count);
    }

    [Fact]
    public void Read_SmallService_IsWhole()
    {
        var (service, faults) = Read(Small);
        Assert.Empty(faults);
        Assert.Equal("shop-sign", service.Code);
        Assert.False(service.Guaranteed);
        Assert.Equal(["owner", "lit", "watts"], service.Form!.Pages[0].Fields.Select(f => f.Name));
    }

    [Theory]
    [InlineData("category: business", "category: busines", "'busines' is not one of", 4, 11)]
    [InlineData("place: tehsil", "place: town", "'town' is not one of", 8, 8)]
    [InlineData("online: true", "onlin: true", "unknown key 'onlin'", 9, 1)]
    [InlineData("department: revenue", "department: 12x", "department '12x' is not in departments.csv", 3, 13)]
    [InlineData("valid_from: 2026-01-01", "valid_from: 2026-02-30", "is not a date", 2, 13)]
    [InlineData("designation: tehsildar", "designation: king", "designation 'king' is not in designations.csv", null, null)]
    [InlineData("ks: \"وانُک بورڈ\", ", "", "name: missing in ks", 5, 7)]
    [InlineData("min: 1, max: 500", "min: 501, max: 500", "min 501 is more than max 500", 22, null)]
    [InlineData("field: lit, is: \"yes\"", "field: lit, is: maybe", "'lit' has no option 'maybe'", 22, null)]
    [InlineData("field: lit, is: \"yes\"", "field: light, is: \"yes\"", "there is no field 'light'", 22, null)]
    [InlineData("field: lit, is: \"yes\"", "field: owner, is: \"yes\"", "'owner' is not a choice", 22, null)]
    [InlineData("name: watts", "name: owner", "field 'owner' is there twice", 22, null)]
    [InlineData("en: \"{owner} {reference}\"", "en: \"{ownr}\"", "{ownr} names no field", null, null)]
    [InlineData("actions: [query, approve, reject]", "actions: [query]", "the last step must stand alone", null, null)]
    [InlineData(", officer: { designation: tehsildar, level: tehsil }", "", "step 'decide' has no officer", 25, null)]
    [InlineData("code: \"no\"", "code: \"yes\"", "option 'yes' is there twice", 21, null)]
    [InlineData("- id: one", "- id: one\n      when: { field: lit, is: \"yes\" }", "there is no field 'lit'", 13, null)]
    [InlineData("form:", "form: [", "", null, null)]
    public void Read_WrongService_NamesFaultWithLineAndColumn(string right, string wrong, string text, int? line, int? column)
    {
        Assert.Contains(right, Small, StringComparison.Ordinal);
        var (_, faults) = Read(Small.Replace(right, wrong, StringComparison.Ordinal));
        var fault = Assert.Single(faults, f => f.Text.Contains(text, StringComparison.Ordinal));
        Assert.Equal("test.yaml", fault.File);
        if (line is not null) Assert.Equal(line, fault.Line);
        if (column is not null) Assert.Equal(column, fault.Column);
    }

    [Fact]
    public void Read_ManyFaults_AllAtOnce()
    {
        var (_, faults) = Read(Small.Replace("place: tehsil", "place: town", StringComparison.Ordinal).Replace("category: business", "category: x", StringComparison.Ordinal).Replace("min: 1,", "min: 900,", StringComparison.Ordinal));
        Assert.Equal(3, faults.Count);
    }

    [Fact]
    public void Read_ConditionsThatExcludeEachOther_AreAFault()
    {
        var contradiction = Small.Replace("workflow:", """
                - id: two
                  title: { en: "T", hi: "T", ur: "T", ks: "T", doi: "T" }
                  when: { field: lit, is: "no" }
                  fields:
                    - { name: lamp, type: text, when: { field: lit, is: "yes" }, label: { en: "L", hi: "L", ur: "L", ks: "L", doi: "L" } }
            workflow:
            """.Replace("\n            ", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(Read(contradiction).Faults, f => f.Text.Contains("contradicts", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("opens_on: [lapse]", "opens_on: [laps]", "'laps' is not one of")]
    [InlineData("value: WorkingDays", "value: Workdays", "'Workdays' is not one of")]
    [InlineData("days: 30", "days: 0", "a whole number of 1 or more")]
    [InlineData("pauses: [query]", "pauses: [nap]", "'nap' is not one of")]
    [InlineData("max: 5000", "most: 5000", "unknown key 'most'")]
    [InlineData("weekly_off: [Sunday]", "weekly_off: [Funday]", "'Funday' is not one of")]
    public void Read_WrongLaw_NamesFault(string right, string wrong, string text)
    {
        const string Law = """
            code: test-law
            valid_from: 2014-01-01
            title: { en: "L", hi: "L", ur: "L", ks: "L", doi: "L" }
            convention: { value: WorkingDays, confirmed: true }
            weekly_off: [Sunday]
            clock: { starts: complete, pauses: [query] }
            layers:
              - { code: first, role: first_appellate, opens_on: [lapse], file_within: { days: 30, convention: WorkingDays } }
            penalties:
              - { code: late, per_day: 250, max: 5000 }
            """;
        var faults = new List<PackFault>();
        var facts = new PackFacts(null, null, null);
        var law = PackReading.One("law.yaml", Law, faults, m => LawFile.Read(m, facts))!;
        Assert.Empty(faults);
        Assert.Equal(30, Assert.Single(law.Layers).FileWithin.Days);
        Assert.Contains("query", law.Pauses);
        PackReading.One("law.yaml", Law.Replace(right, wrong, StringComparison.Ordinal), faults, m => LawFile.Read(m, facts));
        Assert.Contains(text, Assert.Single(faults).Text, StringComparison.Ordinal);
    }

    internal static (Contracts.Catalogue.ServiceVersion Service, List<PackFault> Faults) Read(string yaml)
    {
        var faults = new List<PackFault>();
        var facts = new PackFacts(new HashSet<string> { "revenue" }, new HashSet<string> { "tehsildar" }, null);
        return (PackReading.One("test.yaml", yaml, faults, map => ServiceFile.Read(map, facts))!, faults);
    }
}
