using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Receive;

namespace Sahulat.Office.KeepFile;

/// <summary>Opens a file, for a receipt where one is named.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class NewFileModel(OpenFiles open, Files files, Receipts receipts, ReceiptStore store, OfficePosts posts, Seals seals) : SahulatPage
{
    public Reach Reach { get; private set; } = null!;

    public IReadOnlyList<Choice> Heads { get; private set; } = [];

    public Guid? Receipt { get; private set; }

    public FileRow? Main { get; private set; }

    public string? Subject { get; private set; }

    /// <summary>At least the receipt's.</summary>
    public string Class { get; private set; } = Scope.Normal;

    private long version;

    public bool MayAddHead => Reach.Own.Any(p => posts.Organisation.Post(p) is { Head: true });

    public IEnumerable<Choice> Own => Reach.Own.Select(p => new Choice(p, posts.Name(p, Lang)));

    public IEnumerable<Choice> Classes => Scope.Classes.Select(c => new Choice(c, T[$"office.class.{c}"]));

    public IEnumerable<Choice> Urgencies => OfficePosts.Urgencies.Select(u => new Choice(u, T[$"office.urgency.{u}"]));

    public async Task<IActionResult> OnGet(Guid? receipt, Guid? main, CancellationToken ct) => await Load(receipt, main, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(Guid? receipt, Guid? main, [FromForm(Name = "do")] string? act, CancellationToken ct)
    {
        if (!await Load(receipt, main, ct)) return Refuse(Problem.NotFound);
        var form = Request.Form;
        string? Text(string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
        if (act == "head")
        {
            var added = await open.AddHead(Reach, Reach.Own.FirstOrDefault(p => posts.Organisation.Post(p) is { Head: true }) ?? "", Text("head_code"), Text("head_name"), ct);
            return added.Ok ? Go($"/desk/office/files/new{(Receipt is { } of ? $"?receipt={of:N}" : "")}") : Refuse(added.Problem);
        }

        var wanted = new NewFile(form["post"].ToString(), Text("head"), Text("section"), Text("number"), Text("subject") ?? "", Text("classification") ?? "", Text("urgency") ?? "", Main?.Id, act == "volume");
        var done = Receipt is { } id ? await receipts.PutInNewFile(Reach, id, version, wanted, open, files, ct) : await open.Open(Reach, wanted, null, ct);
        return done.Ok ? Go($"/desk/office/files/{done.Value:N}") : Refuse(done.Problem);
    }

    private async Task<bool> Load(Guid? receipt, Guid? main, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        var heads = new List<Choice>();
        foreach (var office in Reach.Own.Select(posts.OfficeOf).Distinct()) heads.AddRange((await open.Heads(office, ct)).Select(h => new Choice(h.Code, $"{h.Code} {h.Name}")));
        Heads = [.. heads.DistinctBy(h => h.Value)];
        if (main is { } of)
        {
            Main = await files.Find(Reach, of, ct);
            if (Main is null) return false;
        }

        if (receipt is not { } id) return true;
        if (await store.Find(Reach, id, ct) is not { } row || !(await seals.Keys([id], ct)).TryGetValue(id, out var key)) return false;
        (Receipt, Class, version, Subject) = (id, row.Classification, row.Version, seals.Open<ReceiptDetails>(key, row.Details, ReceiptRow.DetailsContext(id)).Subject);
        return true;
    }
}
