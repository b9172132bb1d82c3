using Sahulat.Kernel;
using Sahulat.Kernel.Csv;

namespace Sahulat.Tests.Kernel;

public sealed class CsvTests
{
    private static (IReadOnlyList<CsvRow> Rows, List<PackFault> Faults) Parse(string text, params string[] required)
    {
        var faults = new List<PackFault>();
        return (CsvFile.Parse("f.csv", text, required, faults), faults);
    }

    [Fact]
    public void Parse_QuotesLinesAndMark_AreUnderstood()
    {
        var (rows, faults) = Parse("\uFEFFcode,name_en,name_ur\r\na,\"One, \"\"two\"\"\r\nthree\",اردو\r\n\r\nb, two ,\r\n", "code", "name_en");
        Assert.Empty(faults);
        Assert.Equal(["One, \"two\"\nthree", "two"], rows.Select(r => r["name_en"]));
        Assert.Equal("اردو", rows[0].Local("name")["ur"]);
        Assert.False(rows[1].Local("name").ContainsKey("ur"));
        Assert.Equal([2, 5], rows.Select(r => r.Line));
        Assert.Equal(new PackFault("f.csv", 5, 3, "bad"), rows[1].Fault("name_en", "bad"));
        Assert.Equal("", rows[0]["absent"]);
    }

    [Theory]
    [InlineData("", "f.csv:1:1: is empty")]
    [InlineData("a\n1\n", "f.csv:1:1: column b is missing")]
    [InlineData("a,b,a\n", "f.csv:1:5: column a is there twice")]
    [InlineData("a,b\n1,2\n1\n", "f.csv:3:1: has 1 cells, the header has 2")]
    [InlineData("a,b\n1,\"2\n", "f.csv:2:3: a quotation mark is opened and never closed")]
    [InlineData("a,b\n1,\"2\"x\n", "f.csv:2:6: text after a closing quotation mark")]
    [InlineData("a,b\n1,2\"x\n", "f.csv:2:4: a quotation mark inside an unquoted cell")]
    public void Parse_Fault_TellsWhere(string text, string fault) => Assert.Equal([fault], Parse(text, "a", "b").Faults.Select(f => f.ToString()));

    [Fact]
    public void Read_MissingOrNotUtf8_IsAFault()
    {
        var faults = new List<PackFault>();
        CsvFile.Read("/nowhere/f.csv", ["a"], faults);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, [0x61, 0x0A, 0xFF]);
        CsvFile.Read(path, ["a"], faults);
        File.Delete(path);
        Assert.Equal(["is missing", "is not UTF-8"], faults.Select(f => f.Text));
    }
}
