using Sahulat.Catalogue.Load;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

public sealed class SubjectFileTests
{
    private static readonly string Pack = Path.Combine(Cluster.RepositoryRoot, "data", "jk");

    [Theory]
    [InlineData("department: jal-shakti", "department: wells", "departments.csv")]
    [InlineData("law: jk-samadhan", "law: jk-psga", "sets no limit for a reply")]
    [InlineData("law: jk-samadhan", "law: magna-carta", "not among the laws")]
    [InlineData("answers: { designation: junior-engineer-jal-shakti,", "answers: { designation: diviner,", "designations.csv")]
    [InlineData("  head_of_department: {", "  high_priest: {", "nobody stands at 'head_of_department'")]
    [InlineData("  head_of_department: {", "  high_priest: {", "unknown key 'high_priest'")]
    [InlineData("public: true", "enters_at: moon", "no layer 'moon'")]
    [InlineData("public: true", "public: perhaps", "true or false")]
    [InlineData("code: water-supply", "code: water-connection", "is the code of a service")]
    [InlineData("place: tehsil", "place: galaxy", "not one of")]
    public async Task BadSubject_IsRefused_WithFileLineAndColumn(string good, string bad, string expected)
    {
        using var pack = new PackCopy(Pack);
        var file = pack.Change("grievances/water-supply.yaml", good, bad);
        var (_, _, _, faults) = await PackReading.Read(pack.Folder, CancellationToken.None);
        Assert.Contains(faults, f => f.File == file && f is { Line: > 0, Column: > 0 } && f.Text.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnonymousSubject_MayNotRequireWhatIsNotAsked_AndLawMayNotContradictItself()
    {
        using var pack = new PackCopy(Pack);
        var subject = pack.Change("grievances/power-bill.yaml", "place: tehsil", "place: tehsil\nanonymous: true");
        pack.Change("grievances/power-bill.yaml", "required: false", "required: true");
        var law = pack.Change("laws/jk-samadhan.yaml", "absolute: { days: 30", "absolute: { days: 20");
        var (_, _, _, faults) = await PackReading.Read(pack.Folder, CancellationToken.None);
        Assert.Contains(faults, f => f.File == subject && f.Text.Contains("'consumer_id' is required", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.File == law && f.Text.Contains("less than the 28", StringComparison.Ordinal));
    }

    private sealed class PackCopy : IDisposable
    {
        public PackCopy(string from)
        {
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.Contains("messages", StringComparison.Ordinal)))
            {
                var to = Path.Combine(Folder, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("pack").FullName;

        public string Change(string name, string good, string bad)
        {
            var file = Path.Combine(Folder, name);
            var text = File.ReadAllText(file);
            Assert.Contains(good, text, StringComparison.Ordinal);
            File.WriteAllText(file, text.Replace(good, bad, StringComparison.Ordinal));
            return file;
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
