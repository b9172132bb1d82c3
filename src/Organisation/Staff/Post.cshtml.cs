using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Staff;

/// <summary>One post: who holds, held and will hold it. Its superiors give charge, additional charge and delegation, and relieve.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PostModel(Staff staff, OrganisationDirectory directory, IHoldings holdings, IOfficials officials, Database database) : SahulatPage
{
    public Post Post { get; private set; } = null!;

    public Office? Office { get; private set; }

    public bool MayChange { get; private set; }

    /// <summary>What lies with the post is the office's business, not the program's administrator's.</summary>
    public bool MayHandOver => MayChange && directory.PostsOf(((OfficialCaller)HttpContext.Caller()).Id, Today).Any(p => directory.Post(p) is { Head: true, Designation: not Designations.Administrator });

    public bool Did { get; private set; }

    public IReadOnlyList<Row> Rows { get; private set; } = [];

    public IReadOnlyDictionary<Guid, OfficialName> Names { get; private set; } = new Dictionary<Guid, OfficialName>();

    public DateOnly Today => staff.Today;

    public IReadOnlyList<Choice> Kinds => [.. Hold.Holdings.Kinds.Select(k => new Choice(k, T[$"organisation.held.{k}"], T[$"organisation.held.{k}.hint"]))];

    /// <summary>Those who can be relieved.</summary>
    public IReadOnlyList<Choice> Running => [.. Rows.Where(r => r.HeldUntil is null || r.HeldUntil > Today).Select(r => new Choice(r.Id.ToString(), Names.GetValueOrDefault(r.Official)?.Name ?? T["organisation.unknown"], T[$"organisation.held.{r.Kind}"]))];

    /// <summary>Who has the work while nobody holds the post.</summary>
    public Post? StandsIn => directory.Resolve(Post.Designation, Post.Place, Today) is { Post: { } took } && took != Post.Code ? directory.Post(took) : null;

    public async Task<IActionResult> OnGet(string post, string? did, CancellationToken ct)
    {
        Did = did == "1";
        return await Load(post, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(string post, [FromForm(Name = "do")] string? act, [FromForm] string? official, [FromForm] string? kind, [FromForm] Guid holding, CancellationToken ct)
    {
        if (!await Load(post, ct)) return Refuse(Problem.NotFound);
        if (!MayChange) return Refuse(Problem.Forbidden);
        var done = act == "leave" ? await Leave(holding, ct) : await Take(official, kind, ct);
        if (!done.Ok)
        {
            await Load(post, ct);
            return Refuse(done.Problem with { Faults = [.. done.Problem.Faults.Select(f => f with { Pointer = f.Pointer.Replace("/0/", "", StringComparison.Ordinal) })] });
        }

        await directory.Load(ct);
        return Go($"/desk/organisation/posts/{Post.Code}?did=1");
    }

    private async Task<Result<Done>> Take(string? signIn, string? kind, CancellationToken ct)
    {
        var check = new Check();
        var official = string.IsNullOrWhiteSpace(signIn) ? null : await officials.Find(signIn.Trim(), ct);
        check.That(official is not null, "official", string.IsNullOrWhiteSpace(signIn) ? "required" : "official-unknown");
        check.That(Hold.Holdings.Kinds.Contains(kind), "kind", kind is null ? "required" : "not-a-choice");
        var from = Day("from", required: true, check);
        var until = Day("until", required: kind == "delegated", check);
        if (!check.Ok) return check.ToProblem();
        return await database.Write(work => holdings.Take(work, [new Holding(Post.Code, official!.Id, kind!, from!.Value, until)], ((OfficialCaller)HttpContext.Caller()).As(Acting)), ct);
    }

    private async Task<Result<Done>> Leave(Guid holding, CancellationToken ct)
    {
        var check = new Check();
        check.That(Rows.Any(r => r.Id == holding), "holding", "not-a-choice");
        var on = Day("on", required: true, check);
        if (!check.Ok) return check.ToProblem();
        return await database.Write(work => holdings.Leave(work, holding, on!.Value, ((OfficialCaller)HttpContext.Caller()).As(Acting)), ct);
    }

    /// <summary>The post by which he acts, for the journal.</summary>
    private string Acting => directory.PostsOf(((OfficialCaller)HttpContext.Caller()).Id, Today)[0];

    private DateOnly? Day(string name, bool required, Check check)
    {
        var read = DateBoxes.Read(Request.Form, name);
        check.That(!read.Empty || !required, name, "required");
        check.That(read.Empty || read.Date is not null, name, "not-a-date");
        return read.Date;
    }

    private async Task<bool> Load(string code, CancellationToken ct)
    {
        if (directory.Post(code) is not { } found) return false;
        Post = found;
        Office = directory.Office(found.Office);
        MayChange = staff.MayChange(((OfficialCaller)HttpContext.Caller()).Id, found);
        Rows = await database.Query<Row>("select id, official, kind, held_from, held_until from organisation.holding where post = @code order by held_until desc nulls first, held_from desc limit 100", new { code }, ct);
        Names = await officials.Names([.. Rows.Select(r => r.Official).Distinct()], ct);
        return true;
    }

    internal sealed record Row(Guid Id, Guid Official, string Kind, DateOnly HeldFrom, DateOnly? HeldUntil);
}
