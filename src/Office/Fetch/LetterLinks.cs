using Sahulat.Kernel.Data;
using Sahulat.Office.Dispatch;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Fetch;

/// <summary>A letter that may be fetched by whoever has the link.</summary>
internal sealed record Linked(DispatchRow Row, string Number, string Kind, string Lang, byte[] Pdf);

/// <summary>LetterLinks to letters that were sent by message or mail: a code of a hundred bits that follows from the dispatch by a key of the vault. The table knows its hash only.</summary>
internal sealed class LetterLinks(Database database, Seals seals, OfficePapers papers, TimeProvider time)
{
    public const int Days = 60;

    /// <summary>Openings in an hour for one address: many telephones share one.</summary>
    public const int PerHour = 120;

    private const int Length = 20;

    /// <summary>Without letters that are taken for others (Crockford).</summary>
    private const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";

    public string CodeOf(Guid dispatch) => new([.. seals.Hash("link/code", $"{dispatch:N}").Take(Length).Select(b => Letters[b & 31])]);

    public byte[] Hash(string code) => seals.Hash("link", code);

    public async Task<bool> Allowed(string address, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        return await database.One<int>("insert into office.attempt as a (what, hour, count) values (@what, @hour, 1) on conflict (what, hour) do update set count = a.count + 1 returning count", new { what = seals.Hash("link/address", address), hour }, ct) <= PerHour;
    }

    /// <returns>Null when there is no such link, its time is over, or the file is weeded.</returns>
    public async Task<Linked?> Open(string code, CancellationToken ct)
    {
        if (code.Length != Length || !code.All(Letters.Contains)) return null;
        if (await database.One<DispatchRow>($"select {DispatchRow.Columns} from office.dispatch where link = @link and link_until > @now", new { link = Hash(code), now = time.GetUtcNow() }, ct) is not { } row) return null;
        var draft = await database.One<(string Kind, string Lang, Guid Paper)>("select kind, lang, paper from office.draft where id = @DraftId", new { row.DraftId }, ct);
        if (await papers.Find(draft.Paper, ct) is not { } paper || await papers.Bytes(paper, ct) is not { } pdf) return null;
        var file = await database.One<FileRow>($"select {FileRow.Columns} from office.file where id = @FileId", new { row.FileId }, ct);
        return new Linked(row, $"{file!.Shown} / {row.Number}", draft.Kind, draft.Lang, pdf);
    }
}
