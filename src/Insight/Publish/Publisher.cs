using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Insight;
using Sahulat.Contracts.Organisation;
using Sahulat.Insight.Count;
using Sahulat.Insight.Download;
using Sahulat.Insight.Show;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Insight.Publish;

/// <summary>Publishes each month once it is over: counts it, holds small cells back, and writes the digest of what it published into the journal. A month is published once and stays: two versions of it would give small counts away.</summary>
internal sealed class Publisher(Database database, Followers followers, IServiceDirectory services, IOrganisation organisation, TimeProvider time, ILogger<Publisher> log)
{
    /// <param name="quiet">A month is left until nothing was counted in it for so long: a past that is being filled in, or answers of its last minute still on their way.</param>
    /// <returns>How many months were published.</returns>
    public async Task<int> Run(TimeSpan quiet, CancellationToken ct)
    {
        var current = Matter.Month(Ist.Today(time));
        // Looked up first without the followers: nearly always there is nothing to do.
        if ((await Waiting(current, quiet, ct)).Count == 0) return 0;
        await followers.CatchUp(ct, CountFollower.Permanent);
        var published = 0;
        foreach (var month in await Waiting(current, quiet, ct)) published += await database.Write(work => One(work, month), ct);
        if (published > 0) log.LogInformation("{Months} months of figures were published", published);
        return published;
    }

    private Task<IReadOnlyList<DateOnly>> Waiting(DateOnly current, TimeSpan quiet, CancellationToken ct) => database.Query<DateOnly>("""
        select c.month from insight.counter c where c.kind = 'all' and c.subject = 'all' and c.month < @current and c.counted_at <= now() - @quiet
          and not exists (select from insight.month p where p.month = c.month) order by c.month
        """, new { current, quiet }, ct);

    private async Task<int> One(Work work, DateOnly month)
    {
        var lastDay = month.AddMonths(1).AddDays(-1);
        var rows = await work.Query<Counters.Row>("select kind, subject, month, received, in_time, late, appealed, days from insight.counter where month = @month order by kind, subject", new { month });
        var figures = new MonthTable(rows, services, organisation, lastDay).Publish(month);
        var text = new StringBuilder();
        foreach (var figure in figures.Where(f => f.Kind != Kinds.All)) Rows.Csv(text, figure, null);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        var now = time.GetUtcNow();
        var subjects = figures.Count(f => f.Kind != Kinds.All);
        // Another node may have been first.
        if (await work.Execute("insert into insight.month (month, published_at, subjects, digest) values (@month, @now, @subjects, @digest) on conflict do nothing", new { month, now, subjects, digest }) == 0) return 0;
        await Copy(work, figures);
        await work.Append("insight/months", null, new MonthPublished(Rows.Month(month), subjects, digest), Actor.Sahulat("insight"), now);
        return 1;
    }

    private static async Task Copy(Work work, IReadOnlyList<Figure> figures)
    {
        await using var copy = await work.Connection.BeginBinaryImportAsync($"copy insight.figure (kind, month, subject, {Measures.Columns}, days) from stdin (format binary)", work.Cancelled);
        foreach (var f in figures)
        {
            await copy.StartRowAsync(work.Cancelled);
            await copy.WriteAsync(f.Kind, work.Cancelled);
            await copy.WriteAsync(f.Month, work.Cancelled);
            await copy.WriteAsync(f.Subject, work.Cancelled);
            foreach (var band in Measures.All.Select(m => m.Of(f)))
            {
                await copy.WriteAsync(band.Low, work.Cancelled);
                if (band.High is { } most) await copy.WriteAsync(most, work.Cancelled);
                else await copy.WriteNullAsync(work.Cancelled);
            }

            await copy.WriteAsync(f.Days, work.Cancelled);
        }

        await copy.CompleteAsync(work.Cancelled);
    }
}
