using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Handing;

/// <summary>Hands a charge over: what lies with the post, to whom it goes, and what stays.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class HandOverModel(HandingOver handing, OfficePosts posts) : SahulatPage
{
    /// <summary>Null where there is a choice still to be made.</summary>
    public string? From { get; private set; }

    public Lying? Lies { get; private set; }

    /// <summary>What went just now.</summary>
    public Lying? Gone { get; private set; }

    public OfficePosts Posts => posts;

    public IEnumerable<Choice> Own => reach.Own.Select(p => new Choice(p, posts.Name(p, Lang)));

    public IEnumerable<Choice> Near => From is null ? [] : posts.Near(From).Select(p => new Choice(p.Code, p.Name.In(Lang)));

    private Reach reach = null!;

    public async Task<IActionResult> OnGet(string? from, CancellationToken ct) => await Load(from, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost([FromForm] string? from, [FromForm] string? to, [FromForm(Name = "to_other")] string? other, CancellationToken ct)
    {
        if (!await Load(from, ct) || From is null) return Refuse(OfficeProblems.NotWithYou);
        var done = await handing.All(reach, From, string.IsNullOrWhiteSpace(other) ? to : other.Trim(), ct);
        if (!done.Ok) return Refuse(done.Problem);
        (Gone, Lies) = (done.Value, await handing.Of(From, ct));
        return Page();
    }

    private async Task<bool> Load(string? from, CancellationToken ct)
    {
        reach = posts.Of((OfficialCaller)HttpContext.Caller());
        From = from ?? reach.Only;
        if (From is null) return true;
        if (!posts.Exists(From) || !handing.May(reach, From)) return false;
        Lies = await handing.Of(From, ct);
        return true;
    }
}
