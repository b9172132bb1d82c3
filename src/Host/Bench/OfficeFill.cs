using System.Globalization;
using System.Text;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Host.Bench;

/// <summary>Files of many offices, as they would be taken over from another system: sealed, with their words as keyed hashes, in three scripts.</summary>
internal sealed class OfficeFill(IServiceProvider services, string owner)
{
    public const string Heavy = "revenue-clerk@tehsil-79";

    private const int Batch = 250, WordsOnAPage = 100, PagesOfAPaper = 70;

    private static readonly (string Lang, string[] Words)[] Scripts =
    [
        ("en", "land revenue record mutation village tehsil order khasra applicant petition report patwari field book possession share heirs boundary demarcation road canal irrigated inspection compensation certificate section rules forwarded action noting office district".Split(' ')),
        ("hi", "भूमि राजस्व अभिलेख गांव तहसील आदेश खसरा आवेदक याचिका रिपोर्ट पटवारी कब्जा हिस्सा वारिस सीमा सड़क नहर सिंचित निरीक्षण मुआवजा प्रमाणपत्र धारा नियम कार्रवाई कार्यालय जिला".Split(' ')),
        ("ur", "زمین مال ریکارڈ انتقال موضع تحصیل حکم خسرہ درخواست رپورٹ پٹواری قبضہ حصہ وارث حدود سڑک نہر آبپاشی معائنہ معاوضہ سرٹیفکیٹ دفعہ قواعد کارروائی دفتر ضلع".Split(' ')),
    ];

    private readonly IFileTransfer transfer = services.GetRequiredService<IFileTransfer>();
    private readonly Database database = services.GetRequiredService<Database>();

    /// <summary>A word as many pages hold it, in each script; one that few hold; two together; a number.</summary>
    public static readonly string[] Queries = ["revenue", "राजस्व", "زمین", Rare(0, 600), Rare(1, 500), Rare(2, 550), "khasra mutation", "خسرہ انتقال", "4711"];

    /// <returns>The file of 2,000 notings and 5,000 pages.</returns>
    public async Task<Guid> Run(OfficeBench.Options options, IReadOnlyList<string> posts, IProgress<double> progress, CancellationToken ct)
    {
        // The index is built at the end, as for any large load.
        var index = await database.One<string>("select pg_get_indexdef('office.page_words'::regclass)", ct: ct);
        await Owner("drop index office.page_words", ct);
        var random = new Random(20110810);
        var big = (await Take(Heavy, [new("BENCH/BIG", "Settlement of the village", "en", [.. Enumerable.Range(0, 2_000).Select(_ => Text(0, random))], [.. Enumerable.Range(0, 50).Select(_ => Paper(0, 100, random))])], ct))[0];
        // A subject and two notings are three pages to search in; what is left to the number is in papers.
        var papers = Math.Max(0, (options.Pages - (3 * options.Files)) / PagesOfAPaper);
        var batches = Enumerable.Range(0, (options.Files + Batch - 1) / Batch).ToArray();
        var done = 0;
        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (batch, stop) =>
        {
            var own = new Random(batch);
            var from = batch * Batch;
            var count = Math.Min(Batch, options.Files - from);
            var post = batch % 2 == 0 ? Heavy : posts[batch / 2 % posts.Count];
            await Take(post, [.. Enumerable.Range(from, count).Select(i => One(i, (int)(((long)papers * (i + 1) / options.Files) - ((long)papers * i / options.Files)), own))], stop);
            progress.Report(Interlocked.Increment(ref done) / (double)batches.Length * 0.8);
        });
        await Owner(index!, ct);
        await Owner("vacuum analyze office.page; vacuum analyze office.file; vacuum analyze office.noting; vacuum analyze vault.subject_key", ct);
        progress.Report(1);
        // Followers begin after what was filled in.
        await database.Execute("""
            insert into journal.cursor (follower, xid, position) select f, pg_current_xact_id(), 0 from unnest(@names) f
            on conflict (follower) do update set xid = excluded.xid, position = excluded.position
            """, new { names = services.GetServices<IFollower>().Select(f => f.Name).ToArray() }, ct);
        return big;
    }

    private Task<IReadOnlyList<Guid>> Take(string post, IReadOnlyList<TransferredFile> files, CancellationToken ct) => transfer.Take(post, Guid.NewGuid(), files, ct);

    private static TransferredFile One(int number, int papers, Random random)
    {
        var script = number % Scripts.Length;
        return new TransferredFile($"BENCH/{number}", Text(script, random, 12), Scripts[script].Lang, [Text(script, random), Text(script, random)], [.. Enumerable.Range(0, papers).Select(_ => Paper(script, PagesOfAPaper, random))]);
    }

    private static TransferredPaper Paper(int script, int pages, Random random) => new("%PDF-1.4 bench"u8.ToArray(), [.. Enumerable.Range(0, pages).Select(_ => Text(script, random))]);

    /// <summary>Few words are frequent and most are rare, as in any language.</summary>
    private static string Text(int script, Random random, int words = WordsOnAPage)
    {
        var text = new StringBuilder();
        var all = Scripts[script].Words;
        for (var i = 0; i < words; i++)
        {
            var rank = (int)(all.Length * all.Length * Math.Pow(random.NextDouble(), 4));
            text.Append(rank < all.Length ? all[rank] : Rare(script, rank)).Append(' ');
        }

        return text.Append(CultureInfo.InvariantCulture, $"{random.Next(10_000)}/{random.Next(1950, 2026)}").ToString();
    }

    private static string Rare(int script, int rank) => Scripts[script].Words is var all ? all[rank / all.Length] + all[rank % all.Length] : "";

    private async Task Owner(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(ct);
        foreach (var statement in sql.Split(';', StringSplitOptions.TrimEntries))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
