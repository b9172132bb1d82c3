using System.Globalization;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Note;

internal sealed record NotingShown(int Para, string Post, Guid Official, string State, string Text, int[] Cites, DateTimeOffset? SignedAt);

/// <summary>The left side of a file: numbered paragraphs. A yellow one may be written again by who holds the file; signed it is green, and neither the program nor the database lets anybody change it.</summary>
internal sealed class Notings(Database database, Files files, PageTexts pages, Seals seals)
{
    public const int TextMax = 20_000;

    public static string Context(Guid file, int para) => $"office.noting/{file:N}/{para}";

    /// <summary>Writes the yellow note, and signs it where asked.</summary>
    public Task<Result<Done>> Write(Reach reach, Guid id, long version, string? text, string? cites, bool sign, CancellationToken ct) =>
        files.Act(reach, id, version, Need.Holds, open => Write(open, text, cites, sign), ct);

    public async Task<Problem?> Write(OpenFile open, string? text, string? cites, bool sign)
    {
        var check = new Check();
        check.That(!string.IsNullOrWhiteSpace(text), "text", "required");
        check.That((text?.Length ?? 0) <= TextMax, "text", "too-long", TextMax);
        check.That(text is null || !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), "text", "control-characters");
        var cited = Pages(cites, open.File.Pages);
        check.That(cited is not null, "cites", "office-no-such-page");
        if (!check.Ok) return check.ToProblem();
        var file = open.File;
        var para = file.Notes + 1;
        var plain = text!.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        var key = await seals.Key(open.Work, file.Id);
        await open.Work.Execute("""
            insert into office.noting (file_id, para, post, official, state, text, cites) values (@Id, @para, @Post, @official, 'draft', @sealedText, @cited)
            on conflict (file_id, para) do update set post = excluded.post, official = excluded.official, text = excluded.text, cites = excluded.cites
            """, new { file.Id, para, open.Post, official = open.Reach.Who.Id, sealedText = seals.Seal(key, plain, Context(file.Id, para)), cited });
        if (sign) await Sign(open, para, plain, cited!);
        return null;
    }

    public Task<Result<Done>> Discard(Reach reach, Guid id, CancellationToken ct) => files.Act(reach, id, null, Need.Holds, async open =>
    {
        if (await open.Work.Execute("delete from office.noting where file_id = @Id and state = 'draft'", new { open.File.Id }) == 0) return OfficeProblems.NoNote;
        open.Say(new NotingDiscarded(open.File.Notes + 1));
        return null;
    }, ct);

    private async Task Sign(OpenFile open, int para, string plain, int[] cited)
    {
        var file = open.File;
        var digest = seals.Digest(plain);
        await open.Work.Execute("update office.noting set state = 'signed', digest = @digest, signed_at = @At where file_id = @Id and para = @para", new { digest = Convert.FromHexString(digest), open.At, file.Id, para });
        var key = await seals.Key(open.Work, file.Id);
        await pages.Write(open.Work, key, file.Id, para, plain, file.Scopes, open.At);
        file.Notes = para;
        open.Say(new NotingSigned(para, digest, cited));
    }

    /// <summary>Signed paragraphs from one to another, and the yellow one.</summary>
    public async Task<IReadOnlyList<NotingShown>> Of(FileRow file, int from, int to, CancellationToken ct)
    {
        const string columns = "select para, post, official, state, text, cites, signed_at from office.noting where file_id = @Id";
        var rows = await database.Query<Row>($"{columns} and para between @from and @to union all {columns} and para > @Notes order by para", new { file.Id, from, to, file.Notes }, ct);
        if (rows.Count == 0 || !(await seals.Keys([file.Id], ct)).TryGetValue(file.Id, out var key)) return [];
        return [.. rows.Select(r => new NotingShown(r.Para, r.Post, r.Official, r.State, seals.Open(key, r.Text, Context(file.Id, r.Para)), r.Cites, r.SignedAt))];
    }

    /// <summary>Pages that follow one another as one: 3, 5 to 7.</summary>
    public static IEnumerable<(int From, int To)> Runs(IReadOnlyList<int> pages)
    {
        for (var i = 0; i < pages.Count; i++)
        {
            var from = pages[i];
            while (i + 1 < pages.Count && pages[i + 1] == pages[i] + 1) i++;
            yield return (from, pages[i]);
        }
    }

    /// <summary>Page numbers as people write them: <c>3, 5-7</c>, in any script's digits.</summary>
    /// <returns>Null when it is no list of pages of the file.</returns>
    public static int[]? Pages(string? written, int last)
    {
        var pages = new SortedSet<int>();
        foreach (var part in Words.Fold(written ?? "").Split([',', '،', ';', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)) return null;
            var to = from;
            if (ends.Length == 2 && !int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out to)) return null;
            if (from < 1 || to < from || to > last || to - from > 200) return null;
            for (var p = from; p <= to; p++) pages.Add(p);
        }

        return [.. pages];
    }

    private sealed class Row
    {
        public int Para { get; init; }

        public string Post { get; init; } = "";

        public Guid Official { get; init; }

        public string State { get; init; } = "";

        public byte[] Text { get; init; } = [];

        public int[] Cites { get; init; } = [];

        public DateTimeOffset? SignedAt { get; init; }
    }
}
