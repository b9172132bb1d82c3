using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;
using Sahulat.Office.Sign;

namespace Sahulat.Office.Draft;

internal sealed record DraftText(string To, string Subject, string Body);

internal sealed record DraftShown(Guid Id, Guid FileId, string Kind, string Lang, string State, int Versions, string? ApprovedBy, string? SignedBy, Guid? Paper, string? Number);

internal sealed record DraftVersion(int Version, string Post, DateTimeOffset At, DraftText Text);

/// <summary>Drafts for approval: written, compared, approved, signed. Each saving is a version of its own; an approved draft that is changed must be approved again.</summary>
internal sealed class Drafts(Database database, Files files, OfficePapers papers, Signers signers, LetterPrinter printer, OfficePosts posts, Seals seals)
{
    public const int BodyMax = 30_000;

    public static readonly IReadOnlyList<string> Kinds = ["letter", "order", "memorandum", "circular"];

    private const string Columns = "id, file_id, kind, lang, state, versions, approved_by, signed_by, paper, number";

    /// <param name="most">Of many those that are not sent yet, then the latest; null for all.</param>
    public Task<IReadOnlyList<DraftShown>> Of(Guid file, int? most, CancellationToken ct) => database.Query<DraftShown>($"""
        select {Columns} from (select * from office.draft where file_id = @file order by state = 'dispatched', at desc limit @most) d order by at, id
        """, new { file, most }, ct);

    public Task<DraftShown?> Find(Guid id, CancellationToken ct) => database.One<DraftShown>($"select {Columns} from office.draft where id = @id", new { id }, ct);

    public async Task<IReadOnlyList<DraftVersion>> Versions(DraftShown draft, CancellationToken ct)
    {
        var rows = await database.Query<VersionRow>("select version, post, at, text from office.draft_version where draft_id = @Id order by version", new { draft.Id }, ct);
        if (!(await seals.Keys([draft.FileId], ct)).TryGetValue(draft.FileId, out var key)) return [];
        return [.. rows.Select(r => new DraftVersion(r.Version, r.Post, r.At, seals.Open<DraftText>(key, r.Text, Context(draft.Id, r.Version))))];
    }

    /// <param name="draft">Null for a new one.</param>
    public async Task<Result<Guid>> Write(Reach reach, Guid file, Guid? draft, string kind, string lang, DraftText text, CancellationToken ct)
    {
        var check = new Check();
        check.That(Kinds.Contains(kind), "kind", "not-a-choice");
        check.That(Receive.Receipts.Languages.Contains(lang), "lang", "not-a-choice");
        foreach (var (name, value, max) in new[] { ("to", text.To, 500), ("subject", text.Subject, OpenFiles.SubjectMax), ("body", text.Body, BodyMax) })
        {
            check.That(!string.IsNullOrWhiteSpace(value), name, "required");
            check.That(value.Length <= max, name, "too-long", max);
            check.That(!value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), name, "control-characters");
        }

        if (!check.Ok) return check.ToProblem();
        var id = draft ?? Guid.Empty;
        var done = await files.Act(reach, file, null, Need.Holds, async open =>
        {
            if (draft is null)
            {
                id = Guid.CreateVersion7(open.At);
                await open.Work.Execute("insert into office.draft (id, file_id, kind, lang, state, versions, at, holder, came_at) values (@id, @file, @kind, @lang, 'draft', 0, @At, @Holder, @At)", new { id, file, kind, lang, open.At, open.File.Holder });
            }

            var row = await open.Work.One<DraftShown>($"select {Columns} from office.draft where id = @id and file_id = @file for update", new { id, file });
            if (row is null) return Problem.NotFound;
            if (row.State is not ("draft" or "approved")) return OfficeProblems.DraftDone;
            var version = row.Versions + 1;
            var key = await seals.Key(open.Work, file);
            await open.Work.Execute("insert into office.draft_version (draft_id, version, post, official, at, text) values (@id, @version, @Post, @who, @At, @sealedText)",
                new { id, version, open.Post, who = reach.Who.Id, open.At, sealedText = seals.Seal(key, text, Context(id, version)) });
            await open.Work.Execute("update office.draft set versions = @version, state = 'draft', approved_by = null where id = @id", new { id, version });
            open.Say(new DraftWritten(id, row.Kind, row.Lang, version, seals.Digest(System.Text.Json.JsonSerializer.Serialize(text))));
            return null;
        }, ct);
        return done.Ok ? id : done.Problem;
    }

    /// <summary>Who wrote the version does not approve it, unless nobody in the office is above him.</summary>
    public Task<Result<Done>> Approve(Reach reach, DraftShown draft, int version, CancellationToken ct) => files.Act(reach, draft.FileId, null, Need.Holds, async open =>
    {
        if (await open.Work.One<Guid>("select official from office.draft_version where draft_id = @Id and version = @version", new { draft.Id, version }) == reach.Who.Id && posts.HasHeadAbove(open.Post)) return OfficeProblems.OwnDraft;
        var changed = await open.Work.Execute("update office.draft set state = 'approved', approved_by = @Post where id = @Id and state = 'draft' and versions = @version", new { draft.Id, open.Post, version });
        if (changed == 0) return Problem.Conflict;
        open.Say(new DraftApproved(draft.Id, version));
        return null;
    }, ct);

    /// <summary>Prints the approved version with its issue number, signs it (PAdES), and keeps it.</summary>
    public Task<Result<Done>> Sign(Reach reach, DraftShown draft, CancellationToken ct) => Approved(reach, draft, async (open, text) =>
    {
        var printed = await Print(open, draft, text, reach.Who.Name, null, ct);
        if (!printed.Ok) return printed.Problem;
        var signed = await signers.Sign(open.Work, reach.Who, printed.Value.Pdf);
        return signed.Ok ? await Keep(open, draft, text, printed.Value.Number, signed.Value, ct) : signed.Problem;
    }, ct);

    /// <summary>An act on the approved draft, as the official saw it.</summary>
    public async Task<Result<Done>> Approved(Reach reach, DraftShown draft, Func<OpenFile, DraftText, Task<Problem?>> act, CancellationToken ct)
    {
        if (draft.State is "signed" or "dispatched") return OfficeProblems.DraftDone;
        if (draft.State != "approved") return OfficeProblems.NotApproved;
        var text = (await Versions(draft, ct))[^1].Text;
        return await files.Act(reach, draft.FileId, null, Need.Holds, async open =>
            await open.Work.One<DraftShown>($"select {Columns} from office.draft where id = @Id for update", new { draft.Id }) == draft ? await act(open, text) : Problem.Conflict, ct);
    }

    /// <param name="number">The issue number that the draft has already; null for the next of the office.</param>
    public async Task<Result<(string Number, byte[] Pdf)>> Print(OpenFile open, DraftShown draft, DraftText text, string name, string? number, CancellationToken ct)
    {
        var on = Ist.DateIn(open.At);
        number ??= $"{on.Year}-{await OpenFiles.Serial(open.Work, open.File.Office, $"issue/{on.Year}"):D5}";
        return await printer.Print(new Letter(draft.Kind, draft.Lang, open.File.Office, open.File.Shown, number, on, text, name, open.Post), ct) is { } pdf ? (number, pdf) : OfficeProblems.NotPrinted;
    }

    /// <summary>The signed paper becomes the draft's.</summary>
    public async Task<Problem?> Keep(OpenFile open, DraftShown draft, DraftText text, string number, SignedPdf signed, CancellationToken ct)
    {
        var key = await seals.Key(open.Work, draft.FileId);
        var read = await OfficePapers.Read("paper", signed.Bytes, $"{draft.Kind}-{number}.pdf", ct);
        if (!read.Ok) return read.Problem;
        var paper = await papers.Add(open.Work, key, draft.FileId, read.Value, draft.Lang, open.File.Scopes);
        // Its words are known: no page of it waits to be read.
        await papers.Known(open.Work, key, paper, $"{number}\n{text.To}\n{text.Subject}\n{text.Body}");
        await open.Work.Execute("update office.draft set state = 'signed', signed_by = @Post, paper = @paper, number = @number where id = @Id", new { draft.Id, open.Post, paper = paper.Id, number });
        open.Say(new DraftSigned(draft.Id, draft.Versions, paper.Id, Convert.ToHexStringLower(paper.Digest), signed.Certificate));
        return null;
    }

    private static string Context(Guid draft, int version) => $"office.draft/{draft:N}/{version}";

    private sealed class VersionRow
    {
        public int Version { get; init; }

        public string Post { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public byte[] Text { get; init; } = [];
    }
}
