using System.Text;

namespace Sahulat.Kernel.Csv;

/// <summary>Walks the text record by record. Empty lines are passed over.</summary>
internal sealed class CsvCells(string file, string text, ICollection<PackFault> faults)
{
    private int at = text.StartsWith('\uFEFF') ? 1 : 0;
    private int line = 1;
    private int lineStart = text.StartsWith('\uFEFF') ? 1 : 0;

    /// <returns>The cells of the next record, or null at the end.</returns>
    public IReadOnlyList<CsvCell>? Next()
    {
        while (at < text.Length && text[at] is '\r' or '\n') NewLine();
        if (at >= text.Length) return null;
        var cells = new List<CsvCell>();
        while (true)
        {
            var (startLine, startColumn) = (line, at - lineStart + 1);
            var content = at < text.Length && text[at] == '"' ? Quoted() : Plain();
            cells.Add(new CsvCell(content.Trim(), startLine, startColumn));
            if (at >= text.Length || text[at] != ',') break;
            at++;
        }

        if (at < text.Length) NewLine();
        return cells;
    }

    private string Plain()
    {
        var start = at;
        while (at < text.Length && text[at] is not (',' or '\r' or '\n'))
        {
            if (text[at] == '"') faults.Add(Fault("a quotation mark inside an unquoted cell"));
            at++;
        }

        return text[start..at];
    }

    private string Quoted()
    {
        var (openLine, openColumn) = (line, at - lineStart + 1);
        var content = new StringBuilder();
        at++;
        while (at < text.Length)
        {
            if (text[at] == '"')
            {
                at++;
                if (at >= text.Length || text[at] != '"') return content.Append(Rest()).ToString();
                content.Append('"');
                at++;
            }
            else if (text[at] is '\r' or '\n')
            {
                content.Append('\n');
                NewLine();
            }
            else
            {
                content.Append(text[at++]);
            }
        }

        faults.Add(new PackFault(file, openLine, openColumn, "a quotation mark is opened and never closed"));
        return content.ToString();
    }

    /// <summary>What stands between a closing quotation mark and the end of the cell: nothing, in a good file.</summary>
    private string Rest()
    {
        if (at < text.Length && text[at] is not (',' or '\r' or '\n')) faults.Add(Fault("text after a closing quotation mark"));
        return at < text.Length && text[at] is not (',' or '\r' or '\n') ? Plain() : "";
    }

    private void NewLine()
    {
        if (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n') at++;
        at++;
        line++;
        lineStart = at;
    }

    private PackFault Fault(string what) => new(file, line, at - lineStart + 1, what);
}
