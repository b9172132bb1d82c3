using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Receive;

/// <summary>Enters a letter in the diary, with its scans or files, or by hand.</summary>
[Authorize(Policy = Policies.Official), RequestSizeLimit((PapersIn.MostMegabytes + 1) * 1024L * 1024), RequestFormLimits(MultipartBodyLengthLimit = (PapersIn.MostMegabytes + 1) * 1024L * 1024)]
internal sealed class DiariseModel(Receipts receipts, PapersIn papersIn, IDeskCases cases, OfficePosts posts, TimeProvider time) : SahulatPage
{
    public Reach Reach { get; private set; } = null!;

    public DateOnly Today => Ist.Today(time);

    public IEnumerable<Choice> Own => Reach.Own.Select(p => new Choice(p, posts.Name(p, Lang)));

    public IEnumerable<Choice> Languages => Receipts.Languages.Select(l => new Choice(l, Kernel.Language.Lang.Find(l)!.NativeName));

    public IEnumerable<Choice> Classes => Scope.Classes.Select(c => new Choice(c, T[$"office.class.{c}"]));

    public IEnumerable<Choice> Urgencies => OfficePosts.Urgencies.Select(u => new Choice(u, T[$"office.urgency.{u}"]));

    public IEnumerable<Choice> Modes => Came.Select(m => new Choice(m, T[$"office.mode.{m}"]));

    private static readonly string[] Came = ["scan", "upload"];

    /// <summary>The request that the letter is about, where the official comes from it.</summary>
    public DeskCase? Case { get; private set; }

    public async Task OnGet([FromQuery(Name = "case")] string? reference, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        Case = reference is null ? null : await cases.Find(Reach.Who, reference, Lang, ct);
    }

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        var form = Request.Form;
        await OnGet(form["case"].ToString() is { Length: > 0 } written ? written : null, ct);
        string? Text(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        var read = await papersIn.Read("paper", [.. form.Files.Where(f => f is { Name: "paper", Length: > 0 })], ct);
        if (!read.Ok) return Refuse(read.Problem);
        var papers = read.Value;
        var mode = papers.Count == 0 ? "hand" : Came.FirstOrDefault(m => m == form["mode"]) ?? "scan";
        var (received, reply, dated) = (DateBoxes.Read(form, "received_on"), DateBoxes.Read(form, "reply_by"), DateBoxes.Read(form, "dated"));
        var check = new Check();
        foreach (var (name, boxes) in new[] { ("received_on", received), ("reply_by", reply), ("dated", dated) }) check.That(boxes.Empty || boxes.Date is not null, name, "not-a-date");
        check.That(Case is not null || Text("case") is null, "case", "office-no-such-case");
        if (!check.Ok) return Refuse(check.ToProblem());
        var details = new ReceiptDetails(Text("sender") ?? "", Text("address"), Text("mobile"), Text("subject") ?? "", Text("their_number"), dated.Date);
        var done = await receipts.Diarise(Reach, new NewReceipt(form["post"].ToString(), mode, form["lang"].ToString(), form["classification"].ToString(), form["urgency"].ToString(), details, received.Date ?? Today, reply.Date, Case?.Reference, papers), ct);
        return done.Ok ? Go($"/desk/office/receipts/{done.Value:N}") : Refuse(done.Problem);
    }
}
