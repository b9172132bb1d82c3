using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.KeepFile;

internal sealed record CorrespondenceRow(int Seq, int PageFrom, int PageTo, Guid Paper, string Kind, Guid? ReceiptId, Guid? DraftId, DateTimeOffset At);

/// <summary>The right side of a file: papers in their order, every page with its number.</summary>
internal sealed class Correspondence(Database database)
{
    private const int MostBeside = 6;

    private const string Columns = "seq, page_from, page_to, paper, kind, receipt_id, draft_id, at";

    /// <summary>The paper of a page and those that lie next to it, in their order.</summary>
    public Task<IReadOnlyList<CorrespondenceRow>> Around(Guid file, int page, CancellationToken ct) => database.Query<CorrespondenceRow>($"""
        (select {Columns} from office.correspondence where file_id = @file and page_from <= @page order by page_from desc limit {MostBeside})
        union all (select {Columns} from office.correspondence where file_id = @file and page_from > @page order by page_from limit {MostBeside}) order by seq
        """, new { file, page }, ct);

    /// <summary>What lies on the right side, in its order; neighbours of one kind and day are one entry.</summary>
    public async Task<IReadOnlyList<(int From, int To, string Kind, DateOnly On)>> Index(Guid file, CancellationToken ct)
    {
        var entries = new List<(int From, int To, string Kind, DateOnly On)>();
        foreach (var row in await database.Query<CorrespondenceRow>($"select {Columns} from office.correspondence where file_id = @file order by seq", new { file }, ct))
        {
            var on = Ist.DateIn(row.At);
            if (entries is [.., var last] && last.Kind == row.Kind && last.On == on && last.To + 1 == row.PageFrom) entries[^1] = last with { To = row.PageTo };
            else entries.Add((row.PageFrom, row.PageTo, row.Kind, on));
        }

        return entries;
    }

    /// <param name="kind">receipt, issue or legacy.</param>
    public static async Task<(int From, int To)> Append(OpenFile open, Guid paper, int pages, string kind, Guid? receipt, Guid? draft)
    {
        var from = open.File.Pages + 1;
        open.File.Pages += pages;
        await open.Work.Execute("""
            insert into office.correspondence (file_id, seq, page_from, page_to, paper, kind, receipt_id, draft_id, at)
            select @Id, coalesce(max(seq), 0) + 1, @from, @Pages, @paper, @kind, @receipt, @draft, @At from office.correspondence where file_id = @Id
            """, new { open.File.Id, from, open.File.Pages, paper, kind, receipt, draft, open.At });
        return (from, open.File.Pages);
    }
}
