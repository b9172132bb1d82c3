using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Dispatch;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;
using Sahulat.Office.Sign;

namespace Sahulat.Office.Draft;

/// <summary>One draft: write, compare, approve, sign, send.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DraftPageModel(Drafts drafts, Files files, Dispatches dispatches, CasePapers answered, Deliveries deliveries, Signers signers, ESigning signing, ESign esign, OfficePosts posts, TextCatalogue texts, Database database) : SahulatPage
{
    public new FileRow File { get; private set; } = null!;

    public DraftShown? Draft { get; private set; }

    public IReadOnlyList<DraftVersion> Versions { get; private set; } = [];

    public IReadOnlyList<Change> Changes { get; private set; } = [];

    public int Against { get; private set; }

    public DraftText Text { get; private set; } = new("", "", "");

    public string Kind { get; private set; } = "letter";

    public string Language { get; private set; } = "en";

    public bool Working { get; private set; }

    public OfficePosts Posts => posts;

    public IEnumerable<Choice> Kinds => Drafts.Kinds.Select(k => new Choice(k, T[$"office.form.{k}"]));

    public IEnumerable<Choice> Languages => Receipts.Languages.Select(l => new Choice(l, Lang.Find(l)!.NativeName));

    /// <summary>With the request only where the file answers one.</summary>
    public IEnumerable<Choice> Ways => dispatches.Open(Answers.Count > 0, Sent).OrderByDescending(w => w == "case").Select(w => new Choice(w, T[$"office.dispatch.{w}"]));

    /// <summary>Each time that it was sent, the last first.</summary>
    public IReadOnlyList<Sent> Sent { get; private set; } = [];

    public bool MaySend => Draft is { State: "signed" } || (Draft is { State: "dispatched" } && Sent is [{ Row.Delivery: "failed" }, ..]);

    /// <summary>Whether an eSign provider is set up.</summary>
    public bool ESignOffered => esign.Offered;

    /// <summary>What the browser carries to the provider, when he has asked for it.</summary>
    public ESignForm? ESigned { get; private set; }

    public IReadOnlyList<string> Answers { get; private set; } = [];

    private Reach reach = null!;

    public async Task<IActionResult> OnGet(Guid? file, Guid? draft, int? against, string? kind, string? of, string? esign, CancellationToken ct)
    {
        if (!await Load(file, draft, ct)) return Refuse(Problem.NotFound);
        // What became of it at the provider; said here, since the response comes without the official's session.
        if (esign is not null && OfficeProblems.OfESign.FirstOrDefault(p => p.Code == esign) is { } refused) return Refuse(refused);
        if (Draft is null)
        {
            (Kind, Language) = (Drafts.Kinds.Contains(kind) ? kind! : "letter", Receipts.Languages.Contains(of) ? of! : Receipts.Languages.Contains(T.Lang.Code) ? T.Lang.Code : "en");
            Text = Text with { Body = texts.In(Lang.Find(Language)!)[$"office.template.{Kind}"] };
        }
        else if (against is { } before && Versions.FirstOrDefault(v => v.Version == before) is { } old)
        {
            (Against, Changes) = (before, Compare.Words($"{old.Text.To} {old.Text.Subject} {old.Text.Body}", $"{Text.To} {Text.Subject} {Text.Body}"));
        }

        return Page();
    }

    public async Task<IActionResult> OnPost(Guid? file, Guid? draft, [FromForm(Name = "do")] string? act, [FromForm] string? to, [FromForm] string? subject, [FromForm] string? body, [FromForm(Name = "form")] string? kind, [FromForm(Name = "in")] string? lang, [FromForm] int version, [FromForm] string? way, [FromForm(Name = "way_to")] string? target, CancellationToken ct)
    {
        if (!await Load(file, draft, ct)) return Refuse(Problem.NotFound);
        // A refused new draft is shown again as what it was.
        if (Draft is null && Drafts.Kinds.Contains(kind) && Receipts.Languages.Contains(lang)) (Kind, Language) = (kind!, lang!);
        if (act == "save")
        {
            var written = await drafts.Write(reach, File.Id, Draft?.Id, Draft?.Kind ?? kind ?? "", Draft?.Lang ?? lang ?? "", new DraftText(to?.Trim() ?? "", subject?.Trim() ?? "", body?.Trim() ?? ""), ct);
            return written.Ok ? Go($"/desk/office/drafts/{written.Value:N}") : Refuse(written.Problem);
        }

        if (Draft is null) return Refuse(Problem.NotFound);
        if (act == "esign" && ESignOffered)
        {
            var begun = await signing.Begin(reach, Draft, T.Lang.Code, ct);
            if (!begun.Ok) return await Load(file, draft, ct) ? Refuse(begun.Problem) : Refuse(Problem.NotFound);
            ESigned = begun.Value;
            Response.Headers.ContentSecurityPolicy = Response.Headers.ContentSecurityPolicy.ToString().Replace("form-action 'self'", $"form-action 'self' {ESigned.Url.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal);
            return Page();
        }

        if (act == "renew" && Working) await database.Write(work => signers.Renew(work, reach.Who, reach.As(File.Holder)), ct);
        var done = act switch
        {
            "approve" => await drafts.Approve(reach, Draft, version, ct),
            "sign" or "renew" => await drafts.Sign(reach, Draft, ct),
            "dispatch" => await dispatches.Send(reach, Draft, new Sending(way ?? "", target?.Trim()), ct),
            _ => Problem.NotFound,
        };
        if (!done.Ok) return await Load(file, draft, ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
        return Go(act == "dispatch" ? $"/desk/office/files/{File.Id:N}" : $"/desk/office/drafts/{Draft.Id:N}");
    }

    private async Task<bool> Load(Guid? file, Guid? draft, CancellationToken ct)
    {
        reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (draft is { } id)
        {
            if (await drafts.Find(id, ct) is not { } found) return false;
            (Draft, Kind, Language, file) = (found, found.Kind, found.Lang, found.FileId);
        }

        if (file is not { } of || await files.Find(reach, of, ct) is not { } row) return false;
        (File, Working) = (row, reach.Acts.ContainsKey(row.Holder) && files.Works(row));
        if (Draft is null) return Working;
        Answers = await answered.Answered(File.Id, ct);
        Sent = await deliveries.Of(Draft.Id, ct);
        Versions = await drafts.Versions(Draft, ct);
        if (Versions.Count == 0) return false;
        Text = Versions[^1].Text;
        Response.Headers.ContentSecurityPolicy = Response.Headers.ContentSecurityPolicy.ToString() + "; frame-src 'self'";
        return true;
    }
}
