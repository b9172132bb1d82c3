using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Note;

namespace Sahulat.Office.Inform;

internal sealed record Remark(int Seq, int AfterPara, string Post, Guid Official, string Text, DateTimeOffset At);

/// <summary>How an official has a file or receipt for information.</summary>
/// <param name="Post">Of his that has it.</param>
/// <param name="Listed">Still in the list.</param>
internal sealed record Informed(string Post, bool Listed);

/// <summary>Posts that have a file or receipt for information. Their remarks stand on the noting side behind the paragraph that was the last, with numbers of their own: whoever holds the file writes on undisturbed.</summary>
internal sealed class Informing(Database database, PageTexts pages, Seals seals, TimeProvider time)
{
    public static string Context(Guid file, int seq) => $"office.remark/{file:N}/{seq}";

    public async Task<Informed?> Of(Reach reach, Guid item, CancellationToken ct) =>
        await database.One<(string? Post, bool Listed)>("select post, dismissed_at is null from office.copy where item = @item and post = any(@Own) order by dismissed_at nulls first, post limit 1", new { item, reach.Own }, ct) is { Post: { } post } row ? new Informed(post, row.Listed) : null;

    /// <summary>Remarks behind paragraphs from one to another; 0 for those before the first.</summary>
    public async Task<IReadOnlyList<Remark>> Remarks(Guid file, int from, int to, CancellationToken ct)
    {
        var rows = await database.Query<Row>("select seq, after_para, post, official, text, at from office.remark where file_id = @file and after_para between @from and @to order by seq", new { file, from, to }, ct);
        return rows.Count > 0 && (await seals.Keys([file], ct)).TryGetValue(file, out var key) ? [.. rows.Select(r => new Remark(r.Seq, r.AfterPara, r.Post, r.Official, seals.Open(key, r.Text, Context(file, r.Seq)), r.At))] : [];
    }

    public async Task<Result<Done>> Write(Reach reach, Guid id, string? text, CancellationToken ct)
    {
        var check = new Check();
        check.That(!string.IsNullOrWhiteSpace(text), "remark", "required");
        check.That((text?.Length ?? 0) <= Notings.TextMax, "remark", "too-long", Notings.TextMax);
        check.That(text is null || !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), "remark", "control-characters");
        if (!check.Ok) return check.ToProblem();
        return await database.Write<Result<Done>>(async work =>
        {
            // Those who remark at once wait for one another here, and not for the holder.
            var post = (await work.Query<string>("select post from office.copy where item = @id order by post for update", new { id })).FirstOrDefault(reach.Acts.ContainsKey);
            var file = await work.One<FileRow>($"select {FileRow.Columns} from office.file where id = @id", new { id });
            if (file is null || !reach.Sees(file.Scopes)) return Problem.NotFound;
            if (post is null) return OfficeProblems.NotInformed;
            if (file.State is "weeded" or "transferred") return OfficeProblems.NotOpen;
            var at = time.GetUtcNow();
            var plain = text!.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
            var (key, digest) = (await seals.Key(work, id), seals.Digest(plain));
            var seq = await work.One<int>("select coalesce(max(seq), 0)::int + 1 from office.remark where file_id = @id", new { id });
            await work.Execute("insert into office.remark (file_id, seq, after_para, post, official, text, digest, at) values (@id, @seq, @Notes, @post, @who, @sealedText, @digest, @at)",
                new { id, seq, file.Notes, post, who = reach.Who.Id, sealedText = seals.Seal(key, plain, Context(id, seq)), digest = Convert.FromHexString(digest), at });
            await pages.Write(work, key, id, -seq, plain, file.Scopes, at);
            await work.Append(StreamOf("file", id), null, new RemarkSigned(seq, file.Notes, digest), reach.As(post), at);
            return Done.It;
        }, ct);
    }

    /// <summary>Puts it away: it leaves the list, and is seen as before.</summary>
    public Task<Result<Done>> Dismiss(Reach reach, string kind, Guid id, CancellationToken ct) => database.Write<Result<Done>>(async work =>
    {
        var at = time.GetUtcNow();
        var gone = await work.Query<string>("update office.copy set dismissed_at = @at, seen_at = coalesce(seen_at, @at) where item = @id and post = any(@Own) and dismissed_at is null returning post", new { id, at, reach.Own });
        if (gone.Count == 0) return OfficeProblems.NotInformed;
        await work.Append([.. gone.Select(post => Append.To(StreamOf(kind, id), null, new CopyDismissed(post), reach.As(post), at))]);
        return Done.It;
    }, ct);

    /// <summary>Adds posts that get it for information; one that had it already gets it again.</summary>
    public static async Task Inform(Work work, Guid item, string from, IEnumerable<string> copies, DateTimeOffset at)
    {
        foreach (var post in copies)
            await work.Execute("insert into office.copy (item, post, from_post, at) values (@item, @post, @from, @at) on conflict (item, post) do update set from_post = excluded.from_post, at = excluded.at, seen_at = null, dismissed_at = null", new { item, post, from, at });
    }

    /// <summary>Beside the stream of the file or receipt, whose version the holder's form carries.</summary>
    private static string StreamOf(string kind, Guid id) => $"{kind}/{id:N}/copies";

    private sealed class Row
    {
        public int Seq { get; init; }

        public int AfterPara { get; init; }

        public string Post { get; init; } = "";

        public Guid Official { get; init; }

        public byte[] Text { get; init; } = [];

        public DateTimeOffset At { get; init; }
    }
}
