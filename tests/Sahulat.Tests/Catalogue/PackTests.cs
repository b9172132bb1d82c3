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
    public async Task Read_Haryana_HasNoFault_AndNamesEveryRowOfTheList()
    {
        var (laws, services, _, faults) = await PackReading.Read(Path.Combine(Cluster.RepositoryRoot, "data", "hr"), CancellationToken.None);
        Assert.Empty(faults.Select(f => f.ToString()));
        Assert.Equal((3, 19), (laws.Count, services.Count));
    }

    [Theory]
    [InlineData("  unknown: [second_appellate]\n", "", "layer 'second' of test-law opens by itself and has no officer", 11, 3)]
    [InlineData("second_appellate]", "first_appellate]", "unknown: first_appellate is named as well", 13, 12)]
    [InlineData("level: district }", "level: tehsil }", "first_appellate is the same officer as designated", 12, 20)]
    public void Read_ServiceThatItsLawDoesNotCarry_NamesFault(string right, string wrong, string text, int line, int column)
    {
        var law = PackReading.One("law.yaml", Law, [], m => LawFile.Read(m, new PackFacts(null, null, null)))!;
        var yaml = Small.Replace("place: tehsil", """
            law: test-law
            limit: { days: 7 }
            officers:
              designated: { designation: tehsildar, level: tehsil }
              first_appellate: { designation: tehsildar, level: district }
              unknown: [second_appellate]
            place: tehsil
            """, StringComparison.Ordinal);
        Assert.Contains(right, yaml, StringComparison.Ordinal);
        List<PackFault> Faults(string of)
        {
            var faults = new List<PackFault>();
            PackReading.One("test.yaml", of, faults, m => ServiceFile.Read(m, new PackFacts(null, null, null).With([law])));
            return faults;
        }

        Assert.Empty(Faults(yaml));
        var at = yaml.Replace(right, wrong, StringComparison.Ordinal);
        var fault = Assert.Single(Faults(at), f => f.Text.Contains(text, StringComparison.Ordinal));
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Theory]
    [InlineData("valid_from: 2026-06-01", null, null)]
    [InlineData("valid_from: 2026-01-01", null, "is in a.yaml as well")]
    [InlineData("valid_from: 2026-06-01", "valid_to: 2026-06-01", "is in force until 2026-06-01")]
    [InlineData("valid_from: 2026-06-01", "valid_to: 2026-05-31", null)]
    public async Task Read_TwoVersionsOfOneService_MayNotOverlap(string second, string? firstEnds, string? text)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("sahulat-versions-");
        try
        {
            var services = folder.CreateSubdirectory("services").FullName;
            await File.WriteAllTextAsync(Path.Combine(services, "a.yaml"), firstEnds is null ? Small : Small.Replace("department:", firstEnds + "\ndepartment:", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(services, "b.yaml"), Small.Replace("valid_from: 2026-01-01", second, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            var (_, _, _, faults) = await PackReading.Read(folder.FullName, TestContext.Current.CancellationToken);
            if (text is null) Assert.Empty(faults);
            else Assert.Contains(text, Assert.Single(faults, f => f is { Line: 2, Column: 13 } && f.File.EndsWith("b.yaml", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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
    [InlineData("opens_on: [lapse, applicant], file_within: { days: 30 }", "opens_on: [laps, applicant], file_within: { days: 30 }", "'laps' is not one of")]
    [InlineData("value: WorkingDays", "value: Workdays", "'Workdays' is not one of")]
    [InlineData("days: 45", "days: 0", "a whole number of 1 or more")]
    [InlineData("days: 45", "days: 99999", "longer than any limit")]
    [InlineData("role: second_appellate", "role: first_appellate", "goes back to the role of 'first'")]
    [InlineData("role: second_appellate", "role: designated", "goes back to the designated officer")]
    [InlineData("code: second,", "code: first,", "layer 'first' is there twice")]
    [InlineData("opens_on: [lapse, applicant], file_within: { days: 30 }", "opens_on: [], file_within: { days: 30 }", "never opens")]
    [InlineData("opens_on: [lapse, applicant], file_within: { days: 30 }", "opens_on: [lapse], file_within: { days: 30 }", "no applicant can open it")]
    [InlineData("opens_on: [lapse, applicant], file_within: { days: 30 }", "opens_on: [applicant]", "'file_within' is missing")]
    [InlineData(", decide_within: { days: 45 }", "", "no decide_within that could pass")]
    [InlineData("max: 5000", "max: 100", "less than one day's 250")]
    [InlineData("max: 5000", "amount: 100", "either an amount, or so much a day")]
    [InlineData("per_day: 250, max: 5000", "confirmed: true", "says no sum")]
    [InlineData("valid_from: 2014-01-01", "valid_from: 2014-01-01\nvalid_to: 2013-12-31", "valid_to lies before valid_from")]
    [InlineData("pauses: [query]", "pauses: [nap]", "'nap' is not one of")]
    [InlineData("max: 5000", "most: 5000", "unknown key 'most'")]
    [InlineData("weekly_off: [Sunday]", "weekly_off: [Funday]", "'Funday' is not one of")]
    public void Read_WrongLaw_NamesFault(string right, string wrong, string text)
    {
        var faults = new List<PackFault>();
        var facts = new PackFacts(null, null, null);
        var law = PackReading.One("law.yaml", Law, faults, m => LawFile.Read(m, facts))!;
        Assert.Empty(faults);
        Assert.Equal(30, law.Layers[0].FileWithin.Days);
        Assert.Contains("query", law.Pauses);
        Assert.Contains(right, Law, StringComparison.Ordinal);
        PackReading.One("law.yaml", Law.Replace(right, wrong, StringComparison.Ordinal), faults, m => LawFile.Read(m, facts));
        var fault = Assert.Single(faults);
        Assert.Contains(text, fault.Text, StringComparison.Ordinal);
        Assert.True(fault is { File: "law.yaml", Line: > 0, Column: > 0 });
    }

    private const string Law = """
        code: test-law
        valid_from: 2014-01-01
        title: { en: "L", hi: "L", ur: "L", ks: "L", doi: "L" }
        convention: { value: WorkingDays, confirmed: true }
        weekly_off: [Sunday]
        clock: { starts: complete, pauses: [query] }
        layers:
          - { code: first, role: first_appellate, opens_on: [lapse, applicant], file_within: { days: 30, convention: WorkingDays }, decide_within: { days: 45 } }
          - { code: second, role: second_appellate, opens_on: [lapse, applicant], file_within: { days: 30 } }
        penalties:
          - { code: late, per_day: 250, max: 5000 }
        """;

    internal static (Contracts.Catalogue.ServiceVersion Service, List<PackFault> Faults) Read(string yaml)
    {
        var faults = new List<PackFault>();
        var facts = new PackFacts(new HashSet<string> { "revenue" }, new HashSet<string> { "tehsildar" }, null);
        return (PackReading.One("test.yaml", yaml, faults, map => ServiceFile.Read(map, facts))!, faults);
    }
}
