using System.Text;

namespace Sahulat.Kernel.Csv;

/// <summary>A comma-separated file with a header row (RFC 4180, UTF-8), read whole. Every fault is told with its line and column.</summary>
public static class CsvFile
{
    /// <param name="faults">Receives what is wrong; a row with the wrong number of cells is left out.</param>
    /// <returns>The rows below the header; none when the file or a required column is missing.</returns>
    public static IReadOnlyList<CsvRow> Read(string path, IReadOnlyCollection<string> requiredColumns, ICollection<PackFault> faults)
    {
        var file = Path.GetFileName(path);
        string text;
        try
        {
            text = File.ReadAllText(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            faults.Add(new PackFault(file, 1, 1, e is DecoderFallbackException ? "is not UTF-8" : e is FileNotFoundException or DirectoryNotFoundException ? "is missing" : e.Message));
            return [];
        }

        return Parse(file, text, requiredColumns, faults);
    }

    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<CsvRow> Parse(string file, string text, IReadOnlyCollection<string> requiredColumns, ICollection<PackFault> faults)
    {
        var rows = new List<CsvRow>();
        var reader = new CsvCells(file, text, faults);
        if (reader.Next() is not { } header)
        {
            faults.Add(new PackFault(file, 1, 1, "is empty"));
            return rows;
        }

        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var cell in header)
            if (!columns.TryAdd(cell.Text, columns.Count)) faults.Add(new PackFault(file, cell.Line, cell.Column, $"column {cell.Text} is there twice"));
        var missing = requiredColumns.Where(c => !columns.ContainsKey(c)).ToList();
        foreach (var column in missing) faults.Add(new PackFault(file, 1, 1, $"column {column} is missing"));
        if (missing.Count > 0 || columns.Count != header.Count) return rows;

        while (reader.Next() is { } cells)
        {
            if (cells.Count == columns.Count) rows.Add(new CsvRow(file, columns, cells));
            else faults.Add(new PackFault(file, cells[0].Line, 1, $"has {cells.Count} cells, the header has {columns.Count}"));
        }

        return rows;
    }
}

/// <summary>A cell and where it begins, from 1.</summary>
public readonly record struct CsvCell(string Text, int Line, int Column);

public sealed class CsvRow(string file, IReadOnlyDictionary<string, int> columns, IReadOnlyList<CsvCell> cells)
{
    public int Line => cells[0].Line;

    /// <summary>The trimmed text of the cell; empty when the file has no such column.</summary>
    public string this[string column] => columns.TryGetValue(column, out var i) ? cells[i].Text : "";

    public bool Has(string column) => this[column].Length > 0;

    /// <summary>A fault at the cell.</summary>
    public PackFault Fault(string column, string text) =>
        columns.TryGetValue(column, out var i) ? new PackFault(file, cells[i].Line, cells[i].Column, text) : new PackFault(file, Line, 1, text);

    /// <summary>The filled cells named <c>{prefix}_{language}</c>.</summary>
    public Language.LocalText Local(string prefix) =>
        new(Language.Lang.All.Select(l => KeyValuePair.Create(l.Code, this[$"{prefix}_{l.Code}"])).Where(t => t.Value.Length > 0));
}
