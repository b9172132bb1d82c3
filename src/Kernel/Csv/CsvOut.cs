using System.Text;

namespace Sahulat.Kernel.Csv;

/// <summary>Lines of a table that a person opens in a spreadsheet.</summary>
public static class CsvOut
{
    /// <summary>A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).</summary>
    public static string Cell(string text)
    {
        var safe = text.Length > 0 && (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '|' or '＝' or '＋' or '－' or '＠') ? "'" + text : text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    public static void Line(StringBuilder csv, params string[] cells) => csv.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
}
