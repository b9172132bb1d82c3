using System.Globalization;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Note;

internal sealed record NotingShown(int Para, string Post, Guid Official, string State, string Text, int[] Cites, DateTimeOffset? SignedAt);

/// <summary>The left side of a file: numbered paragraphs. A yellow one is its writer's and may be written again; signed it is green, and neither the program nor the database lets anybody change it.</summary>
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
        var plain = text!.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        var key = await seals.Key(open.Work, file.Id);
        var row = new { file.Id, para = file.Notes + 1, open.Post, official = open.Reach.Who.Id, sealedText = seals.Seal(key, plain, Context(file.Id, file.Notes + 1)), cited, digest = Convert.FromHexString(seals.Digest(plain)), open.At };
        if (!sign)
        {
            await open.Work.Execute("""
                insert into office.yellow (file_id, post, official, para, text, cites, at) values (@Id, @Post, @official, @para, @sealedText, @cited, @At)
                on conflict (file_id, post, official) do update set para = excluded.para, text = excluded.text, cites = excluded.cites, at = excluded.at
                """, row);
            return null;
        }

        await open.Work.Execute("delete from office.yellow where file_id = @Id and post = @Post and official = @official", row);
        await open.Work.Execute("insert into office.noting (file_id, para, post, official, state, text, cites, digest, signed_at) values (@Id, @para, @Post, @official, 'signed', @sealedText, @cited, @digest, @At)", row);
        await pages.Write(open.Work, key, file.Id, row.para, plain, file.Scopes, open.At);
        file.Notes = row.para;
        open.Say(new NotingSigned(row.para, seals.Digest(plain), cited!));
        return null;
    }

    /// <param name="official">Whose; also that of another who holds or held the post.</param>
    public Task<Result<Done>> Discard(Reach reach, Guid id, Guid official, CancellationToken ct) => files.Act(reach, id, null, Need.Holds, async open =>
    {
        if (await open.Work.Execute("delete from office.yellow where file_id = @Id and post = @Post and official = @official", new { open.File.Id, open.Post, official }) == 0) return OfficeProblems.NoNote;
        open.Say(new NotingDiscarded(open.File.Notes + 1));
        return null;
    }, ct);

    /// <summary>Whether somebody at the post that holds the file has written what is not signed.</summary>
    public static Task<bool> Unsigned(OpenFile open) => open.Work.One<bool>("select exists (select from office.yellow where file_id = @Id and post = @Holder)", new { open.File.Id, open.File.Holder });

    /// <summary>Signed paragraphs from one to another.</summary>
    public Task<IReadOnlyList<NotingShown>> Of(FileRow file, int from, int to, CancellationToken ct) =>
        Open(file, "select para, post, official, state, text, cites, signed_at from office.noting where file_id = @Id and para between @from and @to order by para", new { file.Id, from, to }, ct);

    /// <summary>Yellow ones of the post that holds the file: each of its holders has his own.</summary>
    public Task<IReadOnlyList<NotingShown>> Yellow(FileRow file, CancellationToken ct) =>
        Open(file, "select para, post, official, 'draft' as state, text, cites, null::timestamptz as signed_at from office.yellow where file_id = @Id and post = @Holder order by at", new { file.Id, file.Holder }, ct);

    private async Task<IReadOnlyList<NotingShown>> Open(FileRow file, string sql, object args, CancellationToken ct)
    {
        var rows = await database.Query<Row>(sql, args, ct);
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
