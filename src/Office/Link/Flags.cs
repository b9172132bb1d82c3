using System.Text.RegularExpressions;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Link;

internal sealed record Flag(string Mark, int Page);

/// <summary>Slips between the pages of the correspondence: A, B and on.</summary>
internal sealed partial class Flags(Database database, Files files)
{
    public const int Most = 100;

    public Task<IReadOnlyList<Flag>> Of(Guid file, CancellationToken ct) => database.Query<Flag>("select mark, page from office.flag where file_id = @file order by length(mark), mark", new { file }, ct);

    /// <param name="mark">Up to three letters; the next free one where none is given. A mark that is there moves to the page.</param>
    public Task<Result<Done>> Put(Reach reach, Guid id, string? mark, int page, CancellationToken ct) => files.Act(reach, id, null, Need.Holds, async open =>
    {
        var there = (await open.Work.Query<string>("select mark from office.flag where file_id = @id", new { id })).ToHashSet(StringComparer.Ordinal);
        var chosen = string.IsNullOrWhiteSpace(mark) ? Marks().First(m => !there.Contains(m)) : mark.Trim().ToUpperInvariant();
        var check = new Check();
        check.That(Letters().IsMatch(chosen), "mark", "office-bad-flag");
        check.That(page >= 1 && page <= open.File.Pages, "mark", "office-no-such-page");
        check.That(there.Contains(chosen) || there.Count < Most, "mark", "too-many", Most);
        if (!check.Ok) return check.ToProblem();
        await open.Work.Execute("insert into office.flag (file_id, mark, page, post, official, at) values (@id, @chosen, @page, @Post, @who, @At) on conflict (file_id, mark) do update set page = excluded.page, post = excluded.post, official = excluded.official, at = excluded.at",
            new { id, chosen, page, open.Post, who = reach.Who.Id, open.At });
        open.Say(new FlagPut(chosen, page));
        return null;
    }, ct);

    public Task<Result<Done>> Take(Reach reach, Guid id, string? mark, CancellationToken ct) => files.Act(reach, id, null, Need.Holds, async open =>
    {
        if (await open.Work.One<int?>("delete from office.flag where file_id = @id and mark = @mark returning page", new { id, mark }) is not { } page) return Problem.NotFound;
        open.Say(new FlagTaken(mark!, page));
        return null;
    }, ct);

    /// <summary>A to Z, AA to ZZ.</summary>
    private static IEnumerable<string> Marks()
    {
        var letters = Enumerable.Range('A', 26).Select(c => (char)c).ToArray();
        return letters.Select(c => $"{c}").Concat(letters.SelectMany(_ => letters, (a, b) => $"{a}{b}"));
    }

    [GeneratedRegex(@"^\p{L}[\p{L}\p{M}]{0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Letters();
}
