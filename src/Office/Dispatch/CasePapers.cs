using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Dispatch;

internal sealed class CasePapers(Database database, OfficePosts posts, OfficePapers papers) : ICasePapers
{
    public async Task<IReadOnlyList<CaseOnFile>> On(OfficialCaller who, string reference, CancellationToken ct)
    {
        var rows = await database.Query<(Guid Receipt, string Number, Guid? File)>("select id, number, file_id from office.receipt where case_reference = @reference and scopes && @Scopes order by received_on, id", new { reference, posts.Of(who).Scopes }, ct);
        var files = rows.Select(r => r.File).OfType<Guid>().Distinct().ToArray();
        var shown = files.Length == 0 ? [] : (await database.Query<FileRow>($"select {FileRow.Columns} from office.file where id = any(@files)", new { files }, ct)).ToDictionary(f => f.Id, f => f.Shown);
        return [.. rows.Select(r => new CaseOnFile(r.Receipt, r.Number, r.File, r.File is { } file ? shown.GetValueOrDefault(file) : null))];
    }

    public async Task<IReadOnlyList<CaseOrder>> Orders(string reference, CancellationToken ct)
    {
        var rows = await database.Query<(Guid Id, string Number, string Kind, DateTimeOffset At, Guid File)>("select s.id, s.number, d.kind, s.at, s.file_id from office.dispatch s join office.draft d on d.id = s.draft_id where s.case_reference = @reference order by s.at, s.id", new { reference }, ct);
        if (rows.Count == 0) return [];
        var files = (await database.Query<FileRow>($"select {FileRow.Columns} from office.file where id = any(@ids)", new { ids = rows.Select(r => r.File).Distinct().ToArray() }, ct)).ToDictionary(f => f.Id, f => f.Shown);
        return [.. rows.Select(r => new CaseOrder(r.Id, $"{files[r.File]} / {r.Number}", r.Kind, Ist.DateIn(r.At)))];
    }

    public async Task<Stream?> Open(string reference, Guid dispatch, CancellationToken ct) =>
        await database.One<Guid?>("select d.paper from office.dispatch s join office.draft d on d.id = s.draft_id where s.id = @dispatch and s.case_reference = @reference", new { dispatch, reference }, ct) is { } paper && await papers.Find(paper, ct) is { } row ? await papers.Open(row, ct) : null;

    /// <summary>The requests whose letters lie in a file.</summary>
    public Task<IReadOnlyList<string>> Answered(Guid file, CancellationToken ct) =>
        database.Query<string>("select distinct case_reference from office.receipt where file_id = @file and case_reference is not null order by 1", new { file }, ct);
}
