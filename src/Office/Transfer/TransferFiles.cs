using Npgsql;
using NpgsqlTypes;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Note;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Transfer;

/// <summary>Many files in one transaction: a few statements for their rows, and binary copies for notings and pages.</summary>
internal sealed class TransferFiles(Database database, OfficePosts posts, OfficePapers papers, Seals seals, TimeProvider time) : IFileTransfer
{
    /// <param name="Key">The file's.</param>
    private sealed record Taken(Guid Id, TransferredFile File, SubjectKey Key)
    {
        public int Pages => File.Papers.Sum(p => p.Pages.Count);
    }

    private sealed record PageRow(Guid Item, Guid? Paper, int? Para, int Page, byte[] Text, int[] Words, string Lang);

    public async Task<IReadOnlyList<Guid>> Take(string post, Guid official, IReadOnlyList<TransferredFile> files, CancellationToken ct)
    {
        var at = time.GetUtcNow();
        // A list is turned over by the moment at which things came: no two of the same.
        var moments = files.Select((_, i) => at.AddMilliseconds(-i).UtcDateTime).ToArray();
        var ids = files.Select(_ => Guid.CreateVersion7(at)).ToArray();
        await database.Write(async slow =>
        {
            var work = slow.Unhurried;
            var keys = await seals.Vault.Keys(work, ids, Seals.Retention);
            Taken[] taken = [.. files.Select((f, i) => new Taken(ids[i], f, keys[ids[i]]))];
            var by = new OfficialCaller(official, "").As(post);
            await work.Append([.. taken.SelectMany(t => new[] { Append.To(FileRow.StreamOf(t.Id), 0, new FileOpened(t.File.Number, 1, 0, posts.OfficeOf(post), Scope.Normal, "normal", null), by, at), Append.To(FileRow.StreamOf(t.Id), null, new FileTransferred(t.File.Notings.Count, t.Pages), by, at) })]);
            var scopes = Scope.Join([], Scope.Normal, post, posts.Organisation);
            await work.Execute("""
                insert into office.file (id, office, number, classification, urgency, state, holder, opened_on, opened_by, subject, scopes, notes, pages, moved_at, version)
                select id, @office, number, 'normal', 'normal', 'open', @post, @on, @post, subject, @scopes, notes, pages, moved, 2 from unnest(@ids, @numbers, @subjects, @notes, @pages, @moments) as f(id, number, subject, notes, pages, moved)
                """, new { office = posts.OfficeOf(post), post, on = Ist.DateIn(at), scopes, moments, ids, numbers = files.Select(f => f.Number).ToArray(), subjects = taken.Select(t => seals.Seal(t.Key, t.File.Subject, FileRow.SubjectContext(t.Id))).ToArray(), notes = files.Select(f => f.Notings.Count).ToArray(), pages = taken.Select(t => t.Pages).ToArray() });
            await Notings(work, taken, post, official, at);
            var known = new Dictionary<string, int[]>();
            var rows = taken.SelectMany(t => t.File.Notings.Prepend($"{t.File.Number} {t.File.Subject}").Select((text, para) => new PageRow(t.Id, null, para, para, seals.Seal(t.Key, text, PageTexts.ParaContext(t.Id, para)), Words.Of(seals, text, known), t.File.Lang))).ToList();
            foreach (var t in taken) await Papers(work, t, rows, known, at);
            await Pages(work, rows, Words.Marks(seals, scopes), at);
            return true;
        }, ct);
        return ids;
    }

    private async Task Notings(Work work, Taken[] taken, string post, Guid official, DateTimeOffset at)
    {
        await using var copy = await work.Connection.BeginBinaryImportAsync("copy office.noting (file_id, para, post, official, state, text, cites, digest, signed_at) from stdin (format binary)", work.Cancelled);
        foreach (var t in taken)
        {
            for (var para = 1; para <= t.File.Notings.Count; para++)
            {
                var text = t.File.Notings[para - 1];
                await copy.StartRowAsync(work.Cancelled);
                await copy.WriteAsync(t.Id, NpgsqlDbType.Uuid, work.Cancelled);
                await copy.WriteAsync(para, NpgsqlDbType.Integer, work.Cancelled);
                await copy.WriteAsync(post, NpgsqlDbType.Text, work.Cancelled);
                await copy.WriteAsync(official, NpgsqlDbType.Uuid, work.Cancelled);
                await copy.WriteAsync("signed", NpgsqlDbType.Text, work.Cancelled);
                await copy.WriteAsync(seals.Seal(t.Key, text, Note.Notings.Context(t.Id, para)), NpgsqlDbType.Bytea, work.Cancelled);
                await copy.WriteAsync(t.Pages > 0 ? [1] : Array.Empty<int>(), NpgsqlDbType.Array | NpgsqlDbType.Integer, work.Cancelled);
                await copy.WriteAsync(Convert.FromHexString(seals.Digest(text)), NpgsqlDbType.Bytea, work.Cancelled);
                await copy.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz, work.Cancelled);
            }
        }

        await copy.CompleteAsync(work.Cancelled);
    }

    private async Task Papers(Work work, Taken t, List<PageRow> rows, Dictionary<string, int[]> known, DateTimeOffset at)
    {
        var from = 1;
        for (var seq = 1; seq <= t.File.Papers.Count; seq++)
        {
            var paper = t.File.Papers[seq - 1];
            var row = await papers.Store(work, t.Key, t.Id, new IncomingPaper(paper.Pdf, $"{seq}.pdf", "application/pdf", paper.Pages.Count));
            await work.Execute("insert into office.correspondence (file_id, seq, page_from, page_to, paper, kind, at) values (@Id, @seq, @from, @to, @paper, 'legacy', @at)", new { t.Id, seq, from, to = from + paper.Pages.Count - 1, paper = row.Id, at });
            rows.AddRange(paper.Pages.Select((text, i) => new PageRow(t.Id, row.Id, null, i + 1, seals.Seal(t.Key, text, PageTexts.PaperContext(row.Id, i + 1)), Words.Of(seals, text, known), t.File.Lang)));
            from += paper.Pages.Count;
        }
    }

    private static async Task Pages(Work work, List<PageRow> rows, int[] marks, DateTimeOffset at)
    {
        await using var copy = await work.Connection.BeginBinaryImportAsync("copy office.page (item, paper, para, page, state, text, words, scopes, lang, read_at) from stdin (format binary)", work.Cancelled);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(work.Cancelled);
            await copy.WriteAsync(row.Item, NpgsqlDbType.Uuid, work.Cancelled);
            await Maybe(copy, row.Paper, NpgsqlDbType.Uuid, work.Cancelled);
            await Maybe(copy, row.Para, NpgsqlDbType.Integer, work.Cancelled);
            await copy.WriteAsync(row.Page, NpgsqlDbType.Integer, work.Cancelled);
            await copy.WriteAsync("read", NpgsqlDbType.Text, work.Cancelled);
            await copy.WriteAsync(row.Text, NpgsqlDbType.Bytea, work.Cancelled);
            await copy.WriteAsync(row.Words, NpgsqlDbType.Array | NpgsqlDbType.Integer, work.Cancelled);
            await copy.WriteAsync(marks, NpgsqlDbType.Array | NpgsqlDbType.Integer, work.Cancelled);
            await copy.WriteAsync(row.Lang, NpgsqlDbType.Text, work.Cancelled);
            await copy.WriteAsync(at.UtcDateTime, NpgsqlDbType.TimestampTz, work.Cancelled);
        }

        await copy.CompleteAsync(work.Cancelled);
    }

    private static Task Maybe<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken ct) where T : struct =>
        value is { } known ? copy.WriteAsync(known, type, ct) : copy.WriteNullAsync(ct);
}
