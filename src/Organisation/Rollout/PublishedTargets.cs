using System.Globalization;
using Sahulat.Kernel;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Organisation.Load;
using Sahulat.Organisation.Onboard;

namespace Sahulat.Organisation.Rollout;

internal sealed record PublishedTarget(string Measure, string Place, int? Published, decimal? Percent, int? Target, DateOnly? AsOf, string Source);

/// <summary>onboarding.csv of a data pack: what was published, and from it the target. A pack without the file has no targets.</summary>
internal sealed class PublishedTargets(IReadOnlyList<PublishedTarget> rows)
{
    public const string File = "onboarding.csv";

    public static PublishedTargets Read(string folder, IReadOnlyCollection<PlaceRow> places, ICollection<PackFault> faults)
    {
        if (!System.IO.File.Exists(Path.Combine(folder, File))) return new PublishedTargets([]);
        var known = places.Select(p => p.Code).ToHashSet(StringComparer.Ordinal);
        var list = new List<PublishedTarget>();
        foreach (var row in CsvFile.Read(Path.Combine(folder, File), ["measure", "place", "published", "percent", "target", "as_of", "source"], faults))
        {
            if (!OnboardingRows.Kinds.Contains(row["measure"])) faults.Add(row.Fault("measure", $"unknown measure {row["measure"]}"));
            if (!known.Contains(row["place"])) faults.Add(row.Fault("place", $"{row["place"]} is not a place"));
            if (!row.Has("source")) faults.Add(row.Fault("source", "is empty"));
            var (published, target) = (Number(row, "published", faults), Number(row, "target", faults));
            decimal? percent = null;
            if (row.Has("percent"))
            {
                if (decimal.TryParse(row["percent"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read) && read is > 0 and <= 100) percent = read;
                else faults.Add(row.Fault("percent", "is not a percentage"));
            }

            DateOnly? asOf = DateOnly.TryParseExact(row["as_of"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
            if (row.Has("as_of") && asOf is null) faults.Add(row.Fault("as_of", "is not a date like 2026-11-23"));
            if (target is null && published is { } count && percent is { } share)
            {
                target = Coverage.Target(count, share);
                if (target is null) faults.Add(row.Fault("percent", $"no whole number has {count} as {share} percent"));
            }

            list.Add(new PublishedTarget(row["measure"], row["place"], published, percent, target, asOf, row["source"]));
        }

        foreach (var twice in list.GroupBy(t => (t.Measure, t.Place)).Where(g => g.Count() > 1)) faults.Add(new PackFault(File, 1, 1, $"{twice.Key.Measure} of {twice.Key.Place} is there twice"));
        return new PublishedTargets(list);
    }

    public async Task<int> Store(Work work) => await work.Execute("""
        insert into organisation.onboarding_target as t (measure, place, published, percent, target, as_of, source) select * from unnest(@measures, @places, @published, @percents, @targets, @days, @sources)
        on conflict (measure, place) do update set published = excluded.published, percent = excluded.percent, target = excluded.target, as_of = excluded.as_of, source = excluded.source
        where (t.published, t.percent, t.target, t.as_of, t.source) is distinct from (excluded.published, excluded.percent, excluded.target, excluded.as_of, excluded.source)
        """, new
    {
        measures = rows.Select(r => r.Measure).ToArray(), places = rows.Select(r => r.Place).ToArray(), published = rows.Select(r => r.Published).ToArray(), percents = rows.Select(r => r.Percent).ToArray(),
        targets = rows.Select(r => r.Target).ToArray(), days = rows.Select(r => r.AsOf).ToArray(), sources = rows.Select(r => r.Source).ToArray(),
    });

    private static int? Number(CsvRow row, string column, ICollection<PackFault> faults)
    {
        if (!row.Has(column)) return null;
        if (int.TryParse(row[column], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        faults.Add(row.Fault(column, "is not a number"));
        return null;
    }
}
