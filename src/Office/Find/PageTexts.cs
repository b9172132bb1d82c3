using Sahulat.Kernel.Data;
using Sahulat.Office.Scan;

namespace Sahulat.Office.Find;

internal sealed record Piece(string Text, bool Hit);

/// <summary>What was asked for, as it is looked for in a text.</summary>
internal sealed class Sought(string? query)
{
    private readonly HashSet<string> words = Words.Split(query ?? "").ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> coarse = Words.Split(query ?? "").Select(Words.Skeleton).Where(s => s.Length > 2).ToHashSet(StringComparer.Ordinal);

    public string Query => query ?? "";

    /// <param name="run">What stands between two spaces.</param>
    public bool IsIn(string run) => words.Count > 0 && !char.IsWhiteSpace(run[0]) && Words.Split(run).Any(w => words.Contains(w) || coarse.Contains(Words.Skeleton(w)));
}

/// <param name="State">waiting, read, blank or unreadable.</param>
/// <param name="Marks">Where the words that were sought stand on the page's picture.</param>
internal sealed record PageText(string State, IReadOnlyList<Piece> Pieces, IReadOnlyList<Place> Marks);

/// <summary>The texts of pages, of notings and of subjects: sealed, with their words as keyed hashes.</summary>
internal sealed class PageTexts(Database database, Seals seals)
{
    public static string PaperContext(Guid paper, int page) => $"office.page/{paper:N}/{page}";

    public static string ParaContext(Guid item, int para) => $"office.page/{item:N}/note/{para}";

    /// <summary>Makes a noting, or (paragraph 0) a subject, findable.</summary>
    public Task Write(Work work, Kernel.Vault.SubjectKey key, Guid item, int para, string text, IEnumerable<string> scopes, DateTimeOffset at) =>
        work.Execute("insert into office.page (item, para, page, state, text, words, scopes, lang, read_at) values (@item, @para, @para, 'read', @sealedText, @words, @marks, 'en', @at)",
            new { item, para, sealedText = seals.Seal(key, text, ParaContext(item, para)), words = Words.Of(seals, text), marks = Words.Marks(seals, scopes), at });

    public async Task<PageText?> Of(Guid paper, int page, string? sought, CancellationToken ct)
    {
        var row = await database.One<(string State, byte[]? Text, Guid Subject, byte[]? Places)>("select p.state, p.text, d.subject, case when @find then p.places end from office.page p join office.paper d on d.id = p.paper where p.paper = @paper and p.page = @page", new { paper, page, find = !string.IsNullOrWhiteSpace(sought) }, ct);
        if (row.State is null) return null;
        if (row.Text is null || !(await seals.Keys([row.Subject], ct)).TryGetValue(row.Subject, out var key)) return new PageText(row.State, [], []);
        var words = new Sought(sought);
        var places = row.Places is null ? [] : WordPlaces.Read(WordPlaces.Unpack(seals.Vault.Open(key, row.Places, Recognised.PlacesContext(paper, page)))).Where(p => words.IsIn(p.Word)).Select(p => p.Place);
        return new PageText(row.State, Mark(seals.Open(key, row.Text, PaperContext(paper, page)), words), [.. places]);
    }

    /// <summary>The text in pieces, those that hold a word sought told apart.</summary>
    public static IReadOnlyList<Piece> Mark(string text, Sought sought)
    {
        var pieces = new List<Piece>();
        var plain = new System.Text.StringBuilder();
        foreach (var run in Runs(text))
        {
            if (!sought.IsIn(run))
            {
                plain.Append(run);
                continue;
            }

            if (plain.Length > 0) pieces.Add(new Piece(plain.ToString(), false));
            plain.Clear();
            pieces.Add(new Piece(run, true));
        }

        if (plain.Length > 0) pieces.Add(new Piece(plain.ToString(), false));
        return pieces;
    }

    /// <summary>A window of the text around its first hit.</summary>
    public static IReadOnlyList<Piece> Snippet(string text, Sought sought)
    {
        var first = Runs(text).TakeWhile(r => !sought.IsIn(r)).Sum(r => r.Length);
        var from = first >= text.Length ? 0 : Math.Max(0, first - 80);
        // No word is cut at the beginning.
        while (from > 0 && from < first && !char.IsWhiteSpace(text[from - 1])) from++;
        return Mark(text[from..Math.Min(text.Length, from + 240)], sought);
    }

    private static IEnumerable<string> Runs(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var space = char.IsWhiteSpace(text[at]);
            var end = at + 1;
            while (end < text.Length && char.IsWhiteSpace(text[end]) == space) end++;
            yield return text[at..end];
            at = end;
        }
    }
}
