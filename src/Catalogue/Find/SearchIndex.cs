using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Find;

/// <summary>Search among all services, in any language and spelling, in memory. A few thousand words: each query word is compared with each.</summary>
internal sealed class SearchIndex
{
    private const int LongestQuery = 100, MostWords = 10;
    private const double Alike = 0.5;

    private readonly IReadOnlyList<ServiceVersion> services;
    private readonly Term[] terms;

    public SearchIndex(IReadOnlyList<ServiceVersion> services)
    {
        this.services = services;
        var postings = new Dictionary<string, Dictionary<int, double>>(StringComparer.Ordinal);
        for (var i = 0; i < services.Count; i++)
        {
            var s = services[i];
            foreach (var name in s.Name.Values) Add(postings, name, i, 1);
            foreach (var words in s.Keywords.Values.SelectMany(w => w)) Add(postings, words, i, 0.95);
            Add(postings, s.Code.Replace('-', ' '), i, 0.9);
            foreach (var summary in s.Summary.Values) Add(postings, summary, i, 0.4);
        }

        terms = [.. postings.Select(p => new Term(new Word(p.Key), [.. p.Value.Select(v => (v.Key, v.Value))]))];
    }

    /// <summary>Best first. Empty text finds all in their own order.</summary>
    public IReadOnlyList<ServiceVersion> Find(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return services;
        var all = Spelling.Words(text.Length > LongestQuery ? text[..LongestQuery] : text).Distinct().Take(MostWords).ToArray();
        var words = all.Where(w => !StopWords.Contains(w)).ToArray();
        if (words.Length == 0) words = all;
        var scores = new double[services.Count];
        var reached = 0.0;
        foreach (var word in words)
        {
            var best = Best(word);
            var found = best.Count(b => b >= Alike * 0.5);
            if (found == 0) continue;
            // A word that many services share (certificate, सनद) says little.
            var rarity = Math.Log(1 + (double)services.Count / found);
            reached += rarity;
            for (var i = 0; i < best.Length; i++) scores[i] += best[i] * rarity;
        }

        var top = scores.DefaultIfEmpty(0).Max();
        return [.. Enumerable.Range(0, services.Count)
            .Where(i => scores[i] > 0 && scores[i] >= top * 0.45 && scores[i] >= reached * 0.2)
            .OrderByDescending(i => scores[i]).ThenByDescending(i => services[i].Online).ThenBy(i => services[i].Code, StringComparer.Ordinal)
            .Select(i => services[i])];
    }

    private double[] Best(string text)
    {
        var best = new double[services.Count];
        var word = new Word(text);
        foreach (var term in terms)
        {
            var alike = Likeness(word, term.Word);
            if (alike < 0.35) continue;
            foreach (var (service, weight) in term.Places) best[service] = Math.Max(best[service], alike * weight);
        }

        return best;
    }

    private static double Likeness(Word asked, Word known)
    {
        if (asked.Text == known.Text) return 1;
        if (asked.Text.Length >= 3 && known.Text.StartsWith(asked.Text, StringComparison.Ordinal)) return 0.85;
        if (asked.Skeleton.Length >= 3 && asked.Skeleton == known.Skeleton) return asked.Skeleton.Length == 3 ? 0.72 : 0.82;
        var slips = asked.Text.Length >= 8 ? 2 : asked.Text.Length >= 4 ? 1 : 0;
        if (slips > 0 && Spelling.Within(asked.Letters, known.Letters, slips) && Spelling.Distance(asked.Text, known.Text, slips) <= slips) return 0.7;
        if (asked.Skeleton.Length >= 4 && known.Skeleton.Length >= 4 && Spelling.Within(asked.Sounds, known.Sounds, 1) && Spelling.Distance(asked.Skeleton, known.Skeleton, 1) <= 1) return asked.Skeleton.Length >= 5 ? 0.55 : 0.4;
        if (asked.Skeleton.Length == 2 && asked.Skeleton == known.Skeleton && asked.Text.Length >= 3) return 0.45;
        var common = Spelling.Trigrams(asked.Text, known.Text, 0.6);
        return common >= 0.6 ? common * 0.6 : 0;
    }

    private static void Add(Dictionary<string, Dictionary<int, double>> postings, string text, int service, double weight)
    {
        foreach (var word in Spelling.Words(text).Where(w => !StopWords.Contains(w) && w.Length <= 40))
        {
            if (!postings.TryGetValue(word, out var places)) postings[word] = places = [];
            places[service] = Math.Max(weight, places.GetValueOrDefault(service));
        }
    }

    private sealed record Term(Word Word, (int Service, double Weight)[] Places);

    private sealed class Word(string text)
    {
        public string Text { get; } = text;

        public string Skeleton { get; } = Spelling.Skeleton(text);

        public ulong Letters { get; } = Spelling.Letters(text);

        public ulong Sounds { get; } = Spelling.Letters(Spelling.Skeleton(text));
    }
}
