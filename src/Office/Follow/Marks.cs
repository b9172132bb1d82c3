using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Follow;

/// <summary>How an official keeps a file at hand.</summary>
internal sealed record Marked(bool Pinned, bool Followed);

/// <summary>Files that an official looked at, pinned or follows. It is his own affair: nothing of it is told to others, and it lets him see no more than he may.</summary>
internal sealed class Marks(Database database, Files files, TimeProvider time)
{
    public const int Most = 200;

    public static readonly IReadOnlyList<string> Acts = ["pin", "unpin", "follow", "unfollow"];

    public async Task<Marked> Of(Guid official, Guid file, CancellationToken ct) =>
        await database.One<Marked>("select pinned_at is not null as pinned, followed_at is not null as followed from office.mark where official = @official and file_id = @file", new { official, file }, ct) ?? new(false, false);

    public Task Looked(Guid official, Guid file, CancellationToken ct) => database.Execute("""
        insert into office.mark (official, file_id, looked_at) values (@official, @file, @at) on conflict (official, file_id) do update set looked_at = excluded.looked_at
        """, new { official, file, at = time.GetUtcNow() }, ct);

    /// <param name="act">Of <see cref="Acts"/>.</param>
    public async Task<Result<Done>> Set(Reach reach, Guid file, string act, CancellationToken ct)
    {
        if (await files.Find(reach, file, ct) is null) return Problem.NotFound;
        var column = act is "pin" or "unpin" ? "pinned_at" : "followed_at";
        if (act is "unpin" or "unfollow")
        {
            await database.Execute($"update office.mark set {column} = null where official = @Id and file_id = @file", new { reach.Who.Id, file }, ct);
            return Done.It;
        }

        // A list that nobody can overlook helps nobody.
        var set = await database.Execute($"""
            insert into office.mark (official, file_id, {column}) select @Id, @file, @at where (select count(*) from office.mark where official = @Id and {column} is not null and file_id <> @file) < {Most}
            on conflict (official, file_id) do update set {column} = excluded.{column}
            """, new { reach.Who.Id, file, at = time.GetUtcNow() }, ct);
        return set == 1 ? Done.It : OfficeProblems.TooManyMarked;
    }

    /// <summary>Followed files that moved since he looked.</summary>
    public Task<int> Moved(Reach reach, CancellationToken ct) => database.One<int>($"""
        select count(*)::int from office.mark k join office.file f on f.id = k.file_id
        where k.official = @Id and k.followed_at is not null and f.scopes && @Scopes and f.state <> 'weeded' and exists (select from office.movement m where m.item = f.id and m.at > coalesce(k.looked_at, k.followed_at))
        """, new { reach.Who.Id, reach.Scopes }, ct);
}
