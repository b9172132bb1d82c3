using System.Globalization;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Feedback;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Organisation;
using Sahulat.Feedback.Ask;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Feedback.Count;

/// <summary>Counts what was sent, delivered and answered, by month and dimension, as the journal tells it: the only writer of the counters, so that ratings do not wait for each other.</summary>
internal sealed class Tallies(Dimensions dimensions) : IFollower
{
    private const string Prefix = "rating/";

    public string Name => "feedback.count";

    public IReadOnlyCollection<string> Kinds => [DeliveryRated.Kind, OutsideRated.Kind, MessageTold.Kind];

    private sealed record Row
    {
        public Guid Id { get; init; }
        public Guid? CaseId { get; init; }
        public string Service { get; init; } = "";
        public string Place { get; init; } = "";
        public string? Office { get; init; }
        public DateOnly EndedOn { get; init; }
        public bool Sent { get; init; }
        public bool Delivered { get; init; }
        public string? Score { get; init; }
        public string[] Yes { get; init; } = [];
        public string[] No { get; init; } = [];
    }

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var told = entries.Where(e => e.Kind == MessageTold.Kind).Select(e => e.As<MessageTold>()).Where(m => m.Reference.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(m => (Id: Guid.TryParseExact(m.Reference.AsSpan(Prefix.Length, Math.Min(32, m.Reference.Length - Prefix.Length)), "N", out var id) ? id : Guid.Empty, Told: m)).ToLookup(m => m.Id, m => m.Told);
        // The stream of a rating is named by the case, else by the assessment itself.
        var rated = entries.Where(e => e.Kind != MessageTold.Kind).Select(e => Guid.ParseExact(e.Subject, "N")).ToHashSet();
        if (told.Count == 0 && rated.Count == 0) return;
        var rows = await work.Query<Row>("select id, case_id, service, place, office, ended_on, sent, delivered, score, yes, no from feedback.assessment where id = any(@ids) or case_id = any(@cases) order by id",
            new { ids = told.Select(t => t.Key).Concat(rated).ToArray(), cases = rated.ToArray() });
        var counts = new Counts();
        var (ids, sent, delivered, failed) = (new List<Guid>(), new List<bool>(), new List<bool>(), new List<string?>());
        foreach (var row in rows)
        {
            var answered = rated.Contains(row.CaseId ?? row.Id);
            var news = told[row.Id].ToArray();
            // Who answered has the message, whatever receipts say.
            var isDelivered = answered || row.Delivered || news.Any(n => n.Status == "delivered");
            var isSent = isDelivered || row.Sent || news.Any(n => n.Status == "sent");
            counts.Add(dimensions.Of(row.Service, row.Place, row.Office, row.EndedOn), Disposals.Month(row.EndedOn), isSent && !row.Sent, isDelivered && !row.Delivered, answered ? row.Score : null, answered ? row.Yes : [], answered ? row.No : []);
            ids.Add(row.Id);
            sent.Add(isSent);
            delivered.Add(isDelivered);
            failed.Add(news.LastOrDefault(n => n.Status == "failed")?.Reason);
        }

        await work.Execute("update feedback.assessment a set sent = n.sent, delivered = n.delivered, failed = coalesce(n.failed, a.failed) from unnest(@ids, @sent, @delivered, @failed::text[]) as n(id, sent, delivered, failed) where a.id = n.id",
            new { ids = ids.ToArray(), sent = sent.ToArray(), delivered = delivered.ToArray(), failed = failed.ToArray() });
        await counts.Write(work);
    }
}

/// <summary>Under which heads a matter counts.</summary>
internal sealed class Dimensions(IServiceDirectory services, IOrganisation organisation)
{
    public static readonly IReadOnlyList<string> All = ["service", "district", "department", "office"];

    public IEnumerable<(string Dimension, string Code)> Of(string service, string place, string? office, DateOnly on)
    {
        yield return ("all", "");
        yield return ("service", service);
        if (organisation.PlaceAndAncestors(place).FirstOrDefault(p => organisation.Place(p)?.Kind == "district") is { } district) yield return ("district", district);
        var department = services.Find(service, on)?.Department ?? (office is null ? null : organisation.Office(office)?.Department);
        if (department is not null) yield return ("department", department);
        if (office is not null) yield return ("office", office);
    }
}

/// <summary>Additions to the counters, gathered, then written in one order with two statements.</summary>
internal sealed class Counts
{
    private readonly SortedDictionary<(string Dimension, string Code, DateOnly Month), long[]> tallies = [];
    private readonly SortedDictionary<(string Dimension, string Code, DateOnly Month, string Question), long[]> questions = [];

    public void Add(IEnumerable<(string Dimension, string Code)> heads, DateOnly month, bool sent, bool delivered, string? score, IReadOnlyList<string> yes, IReadOnlyList<string> no)
    {
        foreach (var (dimension, code) in heads)
        {
            if (sent || delivered || score is not null)
            {
                if (!tallies.TryGetValue((dimension, code, month), out var n)) tallies[(dimension, code, month)] = n = new long[6];
                if (sent) n[0]++;
                if (delivered) n[1]++;
                if (score is not null) n[2]++;
                if (score == "good") n[3]++;
                if (score == "average") n[4]++;
                if (score == "bad") n[5]++;
            }

            foreach (var (question, at) in yes.Select(q => (q, 0)).Concat(no.Select(q => (q, 1))))
            {
                if (!questions.TryGetValue((dimension, code, month, question), out var n)) questions[(dimension, code, month, question)] = n = new long[2];
                n[at]++;
            }
        }
    }

    public async Task Write(Work work)
    {
        static string[] Days(IEnumerable<DateOnly> days) => [.. days.Select(d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))];
        long[] At(int i) => [.. tallies.Values.Select(v => v[i])];
        if (tallies.Count > 0)
            await work.Execute("""
                insert into feedback.tally as t (dimension, code, month, sent, delivered, answered, good, average, bad)
                select dimension, code, month::date, sent, delivered, answered, good, average, bad from unnest(@dimensions, @codes, @months, @sent, @delivered, @answered, @good, @average, @bad) as n(dimension, code, month, sent, delivered, answered, good, average, bad)
                on conflict (dimension, code, month) do update set sent = t.sent + excluded.sent, delivered = t.delivered + excluded.delivered, answered = t.answered + excluded.answered,
                  good = t.good + excluded.good, average = t.average + excluded.average, bad = t.bad + excluded.bad
                """, new
            {
                dimensions = tallies.Keys.Select(k => k.Dimension).ToArray(), codes = tallies.Keys.Select(k => k.Code).ToArray(), months = Days(tallies.Keys.Select(k => k.Month)),
                sent = At(0), delivered = At(1), answered = At(2), good = At(3), average = At(4), bad = At(5),
            });
        if (questions.Count > 0)
            await work.Execute("""
                insert into feedback.question_tally as t (dimension, code, month, question, yes, no)
                select dimension, code, month::date, question, yes, no from unnest(@dimensions, @codes, @months, @questions, @yes, @no) as n(dimension, code, month, question, yes, no)
                on conflict (dimension, code, month, question) do update set yes = t.yes + excluded.yes, no = t.no + excluded.no
                """, new
            {
                dimensions = questions.Keys.Select(k => k.Dimension).ToArray(), codes = questions.Keys.Select(k => k.Code).ToArray(), months = Days(questions.Keys.Select(k => k.Month)), questions = questions.Keys.Select(k => k.Question).ToArray(),
                yes = questions.Values.Select(v => v[0]).ToArray(), no = questions.Values.Select(v => v[1]).ToArray(),
            });
    }
}
