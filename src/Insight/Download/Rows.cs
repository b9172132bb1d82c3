using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using Sahulat.Insight.Count;
using Sahulat.Insight.Show;
using Sahulat.Kernel.Csv;

namespace Sahulat.Insight.Download;

/// <summary>Published rows as files: one line a month and subject. A count that is not shown is empty; beside it stand the least and the most that it can be.</summary>
internal static class Rows
{
    public static string Month(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string Header { get; } = string.Join(',', ["month", "kind", "code", "name", .. Measures.All.SelectMany(m => new[] { m.Name, m.Name + "_least", m.Name + "_most" }), "days_median", "days_90"]) + "\r\n";

    public static void Csv(StringBuilder csv, Figure figure, string? name)
    {
        csv.Append(Month(figure.Month)).Append(',').Append(figure.Kind).Append(',').Append(CsvOut.Cell(figure.Subject)).Append(',').Append(CsvOut.Cell(name ?? ""));
        foreach (var measure in Measures.All) csv.Append(CultureInfo.InvariantCulture, $",{Number(measure.Of(figure))},{measure.Of(figure).Low},{measure.Of(figure).High}");
        csv.Append(CultureInfo.InvariantCulture, $",{Quantile.Of(figure.Days, 0.5)},{Quantile.Of(figure.Days, 0.9)}\r\n");
    }

    public static async Task<byte[]> Parquet(IReadOnlyList<(Figure Figure, string Name)> rows, CancellationToken ct)
    {
        DataField Text(string name) => new(name, typeof(string), isNullable: false);
        DataField Int(string name) => new(name, typeof(int), isNullable: true);
        DataField Long(string name) => new(name, typeof(long), isNullable: true);
        var (month, kind, code, called) = (new DataField("month", typeof(DateOnly), isNullable: false), Text("kind"), Text("code"), Text("name"));
        var counts = Measures.All.Select(m => (Measure: m, Count: Long(m.Name), Least: Long(m.Name + "_least"), Most: Long(m.Name + "_most"))).ToArray();
        var (median, ninth) = (Int("days_median"), Int("days_90"));
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema([month, kind, code, called, .. counts.SelectMany(c => new[] { c.Count, c.Least, c.Most }), median, ninth]), stream, cancellationToken: ct))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<DateOnly>(month, rows.Select(r => r.Figure.Month).ToArray(), cancellationToken: ct);
            await group.WriteAsync(kind, rows.Select(r => r.Figure.Kind).ToArray());
            await group.WriteAsync(code, rows.Select(r => r.Figure.Subject).ToArray());
            await group.WriteAsync(called, rows.Select(r => r.Name).ToArray());
            foreach (var (measure, count, least, most) in counts)
            {
                await group.WriteAsync<long>(count, rows.Select(r => Number(measure.Of(r.Figure))).ToArray(), cancellationToken: ct);
                await group.WriteAsync<long>(least, rows.Select(r => (long?)measure.Of(r.Figure).Low).ToArray(), cancellationToken: ct);
                await group.WriteAsync<long>(most, rows.Select(r => measure.Of(r.Figure).High).ToArray(), cancellationToken: ct);
            }

            await group.WriteAsync<int>(median, rows.Select(r => Quantile.Of(r.Figure.Days, 0.5)).ToArray(), cancellationToken: ct);
            await group.WriteAsync<int>(ninth, rows.Select(r => Quantile.Of(r.Figure.Days, 0.9)).ToArray(), cancellationToken: ct);
        }

        return stream.ToArray();
    }

    private static long? Number(Band band) => band.Exact ? band.Low : null;
}
