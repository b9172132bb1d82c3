using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.Await;

namespace Sahulat.Office.SaveView;

/// <summary>A filter of the inbox under a name of the official's own.</summary>
internal sealed record SavedView(string Name, string Query)
{
    public InboxFilter Filter => InboxFilter.Parse(Query);
}

internal sealed class SavedViews(Database database)
{
    public const int NameMax = 40;
    private const int Most = 20;

    public Task<IReadOnlyList<SavedView>> Of(Guid official, CancellationToken ct) =>
        database.Query<SavedView>("select name, query from office.saved_view where official = @official order by lower(name), name", new { official }, ct);

    /// <summary>The same name again replaces the view.</summary>
    public async Task<Result<Done>> Save(Guid official, string? name, InboxFilter filter, CancellationToken ct)
    {
        var clean = name?.Normalize().Trim() ?? "";
        var check = new Check();
        if (check.That(clean.Length > 0, "name", "required")) check.That(clean.Length <= NameMax, "name", "too-long", NameMax);
        check.That(!clean.Any(c => char.IsControl(c) || (char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format && c is not ('\u200c' or '\u200d'))), "name", "control-characters");
        if (!check.Ok) return check.ToProblem();
        var saved = await database.Execute("""
            insert into office.saved_view (official, name, query)
            select @official, @clean, @Query where (select count(*) from office.saved_view where official = @official and name <> @clean) < @Most
            on conflict (official, name) do update set query = excluded.query
            """, new { official, clean, filter.Query, Most }, ct);
        return saved == 1 ? Done.It : Problem.Invalid([new Fault("name", "too-many", Most)]);
    }

    public Task Remove(Guid official, string? name, CancellationToken ct) =>
        database.Execute("delete from office.saved_view where official = @official and name = @name", new { official, name }, ct);
}
