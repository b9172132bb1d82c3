using System.Globalization;
using System.Text.RegularExpressions;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Link;

/// <param name="How">link, or family: a volume or part of the same number.</param>
internal sealed record LinkedFile(Guid Id, string Shown, string Subject, string State, string How);

/// <summary>Links between files, told from both ends, each only to who may see the other.</summary>
internal sealed partial class Links(Database database, Files files, OfficePosts posts, Seals seals)
{
    public const int Most = 100;

    public async Task<IReadOnlyList<LinkedFile>> Of(Reach reach, FileRow file, CancellationToken ct)
    {
        var rows = await database.Query<FileRow>($"""
            select {FileRow.Columns} from office.file where scopes && @Scopes and state <> 'weeded' and id in (
              select other from office.file_link where one = @Id union select one from office.file_link where other = @Id
              union select id from office.file where main = coalesce(@Main, @Id) and id <> @Id union select @Main::uuid)
            order by number, volume, part limit {Most}
            """, new { reach.Scopes, file.Id, file.Main }, ct);
        var keys = await seals.Keys(rows.Select(r => r.Id), ct);
        var family = file.Main ?? file.Id;
        return [.. rows.Where(r => keys.ContainsKey(r.Id)).Select(r => new LinkedFile(r.Id, r.Shown, seals.Open(keys[r.Id], r.Subject, FileRow.SubjectContext(r.Id)), r.State, r.Id == family || r.Main == family ? "family" : "link"))];
    }

    /// <param name="number">Of the other file, as it is shown.</param>
    public async Task<Result<Done>> Link(Reach reach, Guid id, string? number, CancellationToken ct)
    {
        var found = await Named(reach, posts.OfficeOf(reach.Own.FirstOrDefault() ?? ""), number, ct);
        if (found is not { } other || other == id) return Problem.Invalid([new Fault("link", string.IsNullOrWhiteSpace(number) ? "required" : "office-no-such-file")]);
        return await Both(reach, id, other, async (open, across) =>
        {
            if (across.File.State == "weeded") return Problem.NotFound;
            if (await open.Work.One<int>("select count(*)::int from office.file_link where one = @id or other = @id", new { id }) >= Most) return Problem.Invalid([new Fault("link", "too-many", Most)]);
            var (one, two) = Pair(id, other);
            if (await open.Work.Execute("insert into office.file_link (one, other, post, official, at) values (@one, @two, @Post, @who, @At) on conflict do nothing", new { one, two, open.Post, who = reach.Who.Id, open.At }) == 0) return null;
            open.Say(new FileLinked(other));
            across.Say(new FileLinked(id));
            return null;
        }, ct);
    }

    public Task<Result<Done>> Unlink(Reach reach, Guid id, Guid other, CancellationToken ct) => Both(reach, id, other, async (open, across) =>
    {
        var (one, two) = Pair(id, other);
        if (await open.Work.Execute("delete from office.file_link where one = @one and other = @two", new { one, two }) == 0) return Problem.NotFound;
        open.Say(new FileUnlinked(other));
        across.Say(new FileUnlinked(id));
        return null;
    }, ct);

    /// <summary>The file of a number that the official may see: of his own office, or the only one of that number.</summary>
    public async Task<Guid?> Named(Reach reach, string office, string? shown, CancellationToken ct)
    {
        if (Number().Match(shown?.Trim() ?? "") is not { Success: true } m || m.Groups["number"].Length > 100) return null;
        int Of(string group, int none) => m.Groups[group].Success ? int.Parse(m.Groups[group].Value, CultureInfo.InvariantCulture) : none;
        var rows = await database.Query<(Guid Id, string Office)>("select id, office from office.file where number = @number and volume = @volume and part = @part and scopes && @Scopes and state <> 'weeded' limit 20",
            new { number = m.Groups["number"].Value, volume = Of("volume", 1), part = Of("part", 0), reach.Scopes }, ct);
        return rows.Count == 1 ? rows[0].Id : rows.Where(r => r.Office == office).Select(r => (Guid?)r.Id).FirstOrDefault();
    }

    /// <summary>Files of the numbers that texts name, as far as the official may see them.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> Named(Reach reach, FileRow file, IEnumerable<LinkedFile> linked, IEnumerable<string> texts, CancellationToken ct)
    {
        var named = linked.ToDictionary(l => l.Shown, l => l.Id, StringComparer.Ordinal);
        var numbers = texts.SelectMany(References.Numbers).Distinct(StringComparer.Ordinal).Where(n => !named.ContainsKey(n) && n != file.Number).Take(50).ToArray();
        if (numbers.Length == 0) return named;
        var rows = await database.Query<(Guid Id, string Number, string Office)>("select id, number, office from office.file where number = any(@numbers) and volume = 1 and part = 0 and scopes && @Scopes and state <> 'weeded'", new { numbers, reach.Scopes }, ct);
        foreach (var same in rows.GroupBy(r => r.Number))
            if (same.Count() == 1 || same.Any(r => r.Office == file.Office)) named[same.Key] = same.OrderByDescending(r => r.Office == file.Office).First().Id;
        return named;
    }

    /// <summary>Both files in one transaction, locked in the order of their ids: two who link them from both ends wait for one another.</summary>
    private async Task<Result<Done>> Both(Reach reach, Guid id, Guid other, Func<OpenFile, OpenFile, Task<Problem?>> act, CancellationToken ct)
    {
        try
        {
            return await database.Write<Result<Done>>(async work =>
            {
                await work.Execute("select from office.file where id = any(@ids) order by id for update", new { ids = new[] { id, other } });
                return await files.Act(work, reach, id, null, Need.Holds, async open => (await files.Act(work, reach, other, null, Need.Sees, across => act(open, across))).Problem);
            }, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
    }

    // PostgreSQL compares the bytes as they are written; so does this.
    private static (Guid One, Guid Two) Pair(Guid a, Guid b) => string.CompareOrdinal(a.ToString("N"), b.ToString("N")) < 0 ? (a, b) : (b, a);

    [GeneratedRegex(@"^(?<number>.+?)(?: Vol\. (?<volume>[0-9]{1,4}))?(?: Part (?<part>[0-9]{1,4}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
