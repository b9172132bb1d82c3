using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;

namespace Sahulat.Office.KeepFile;

/// <param name="Head">Code of the subject head, such as A-11011; null for a number of one's own.</param>
/// <param name="Section">What stands behind the year.</param>
internal sealed record NewFile(string Post, string? Head, string? Section, string? Number, string Subject, string Classification, string Urgency, Guid? Main = null, bool Volume = false);

/// <summary>Opens files: by subject head (<c>A-11011/1/2020-Estt</c>), by a number of one's own, as a further volume or as a part.</summary>
internal sealed partial class OpenFiles(Database database, OfficePosts posts, PageTexts pages, Seals seals, TimeProvider time)
{
    public const int SubjectMax = 300;

    public Task<IReadOnlyList<(string Code, string Name)>> Heads(string office, CancellationToken ct) =>
        database.Query<(string, string)>("select code, name from office.subject_head where department = @department order by code", new { department = posts.Organisation.Office(office)?.Department ?? "" }, ct);

    public async Task<Result<Done>> AddHead(Reach reach, string post, string? code, string? name, CancellationToken ct)
    {
        var check = new Check();
        check.That(code is not null && HeadCode().IsMatch(code), "head_code", "bad-format");
        check.That(!string.IsNullOrWhiteSpace(name), "head_name", "required");
        check.That((name?.Length ?? 0) <= 120, "head_name", "too-long", 120);
        if (!check.Ok) return check.ToProblem();
        if (!reach.Acts.ContainsKey(post) || posts.Organisation.Post(post) is not { Head: true } own) return OfficeProblems.NotSenior;
        var department = posts.Organisation.Office(own.Office)?.Department ?? "";
        return await database.Write<Result<Done>>(async work =>
        {
            var added = await work.One<bool>("insert into office.subject_head (department, code, name) values (@department, @code, @name) on conflict (department, code) do update set name = excluded.name returning xmax = 0", new { department, code, name = name!.Trim() });
            await work.Append($"subject-heads/{department}", null, new SubjectHeadSet(code!, added), reach.As(post), time.GetUtcNow());
            return Done.It;
        }, ct);
    }

    /// <param name="and">What is done with the file in the same transaction; refused, it is not opened.</param>
    public async Task<Result<Guid>> Open(Reach reach, NewFile wanted, Func<Work, Guid, Task<Problem?>>? and, CancellationToken ct)
    {
        if (wanted.Post.Length > 0 && !reach.Acts.ContainsKey(wanted.Post)) return OfficeProblems.NotWithYou;
        var office = posts.OfficeOf(wanted.Post);
        if (Faults(wanted) is { } faults) return faults;
        try
        {
            return await database.Write<Result<Guid>>(async work =>
            {
                var opened = await Open(work, reach, wanted, office);
                return opened.Ok && and is not null && await and(work, opened.Value) is { } refused ? refused : opened;
            }, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return OfficeProblems.NumberTaken;
        }
    }

    /// <summary>Within a transaction of another act; its faults were looked for.</summary>
    public async Task<Result<Guid>> Open(Work work, Reach reach, NewFile wanted, string office)
    {
        var at = time.GetUtcNow();
        var today = Ist.DateIn(at);
        var (volume, part, number) = (1, 0, wanted.Number?.Trim());
        FileRow? main = null;
        if (wanted.Main is { } of)
        {
            main = await work.One<FileRow>($"select {FileRow.Columns} from office.file where id = @of for update", new { of });
            if (main is null || !reach.Sees(main.Scopes)) return Problem.NotFound;
            var last = await work.One<(int Volume, int Part)>("select max(volume), max(part) from office.file where office = @Office and number = @Number", new { main.Office, main.Number });
            (volume, part, number, office) = (wanted.Volume ? last.Volume + 1 : main.Volume, wanted.Volume ? 0 : last.Part + 1, main.Number, main.Office);
        }
        else if (wanted.Head is { } head)
        {
            var department = posts.Organisation.Office(office)?.Department ?? "";
            if (!await work.One<bool>("select exists (select from office.subject_head where department = @department and code = @head)", new { department, head })) return Problem.Invalid([new Fault("head", "not-a-choice")]);
            var what = $"{head}/{today.Year}-{wanted.Section!.Trim()}";
            var serial = await Serial(work, office, what);
            number = string.Create(CultureInfo.InvariantCulture, $"{head}/{serial}/{today.Year}-{wanted.Section.Trim()}");
        }

        var id = Guid.CreateVersion7(at);
        var key = await seals.Key(work, id);
        var classification = main?.Classification ?? wanted.Classification;
        var scopes = Scope.Join(main?.Scopes ?? [], classification, wanted.Post, posts.Organisation);
        var version = await work.Append(FileRow.StreamOf(id), 0, new FileOpened(number!, volume, part, office, classification, wanted.Urgency, wanted.Main), reach.As(wanted.Post), at);
        await work.Execute("""
            insert into office.file (id, office, number, volume, part, main, classification, urgency, state, holder, opened_on, opened_by, subject, scopes, moved_at, version)
            values (@id, @office, @number, @volume, @part, @Main, @classification, @Urgency, 'open', @Post, @today, @Post, @subject, @scopes, @at, @version)
            """, new { id, office, number, volume, part, wanted.Main, classification, wanted.Urgency, wanted.Post, today, subject = seals.Seal(key, wanted.Subject.Trim(), FileRow.SubjectContext(id)), scopes, at, version });
        await pages.Write(work, key, id, 0, $"{number} {wanted.Subject}", scopes, at);
        return id;
    }

    /// <summary>The next number of a series of an office; a refused transaction gives it back.</summary>
    public static Task<int> Serial(Work work, string office, string what) =>
        work.One<int>("insert into office.serial (office, what, last) values (@office, @what, 1) on conflict (office, what) do update set last = office.serial.last + 1 returning last", new { office, what });

    private static Problem? Faults(NewFile wanted)
    {
        var check = new Check();
        check.That(wanted.Post.Length > 0, "post", "required");
        check.That(!string.IsNullOrWhiteSpace(wanted.Subject), "subject", "required");
        check.That((wanted.Subject?.Length ?? 0) <= SubjectMax, "subject", "too-long", SubjectMax);
        check.That(wanted.Subject is null || !wanted.Subject.Any(char.IsControl), "subject", "control-characters");
        check.That(Scope.Classes.Contains(wanted.Classification), "classification", "not-a-choice");
        check.That(OfficePosts.Urgencies.Contains(wanted.Urgency), "urgency", "not-a-choice");
        if (wanted.Main is null)
        {
            if (wanted.Head is not null) check.That(wanted.Section is not null && Section().IsMatch(wanted.Section.Trim()), "section", "bad-format");
            else check.That(wanted.Number is not null && OwnNumber().IsMatch(wanted.Number.Trim()), "number", string.IsNullOrWhiteSpace(wanted.Number) ? "required" : "bad-format");
        }

        return check.Ok ? null : check.ToProblem();
    }

    /// <summary>Basic head, primary head of two digits, 0, secondary head of two digits (CSMOP).</summary>
    [GeneratedRegex(@"^[A-Z]-\d\d0\d\d$")]
    private static partial Regex HeadCode();

    [GeneratedRegex(@"^[\p{L}\p{M}\d.&()/-]{1,20}$")]
    private static partial Regex Section();

    [GeneratedRegex(@"^[\p{L}\p{M}\d][\p{L}\p{M}\d .&()/,-]{1,59}$")]
    private static partial Regex OwnNumber();
}
