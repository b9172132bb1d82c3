using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Quality;

/// <summary>Pages drawn by lot, each to be called good or bad.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class SamplePageModel(Sampling sampling, OfficePosts posts) : SahulatPage
{
    public SampleView View { get; private set; } = null!;

    public async Task<IActionResult> OnGet(Guid bundle, CancellationToken ct) => await Load(bundle, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(Guid bundle, [FromForm(Name = "do")] string? act, [FromForm] Guid[] bad, CancellationToken ct)
    {
        if (!await Load(bundle, ct)) return Refuse(Problem.NotFound);
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (act == "draw")
        {
            var drawn = await sampling.Draw(reach, View, ct);
            return drawn.Ok ? Go($"/desk/office/scanning/bundles/{bundle:N}") : Refuse(drawn.Problem);
        }

        var judged = await sampling.Judge(reach, View, bad, ct);
        return judged.Ok ? Go($"/desk/office/scanning/{View.Plan.Id:N}?did={judged.Value}") : Refuse(judged.Problem);
    }

    private async Task<bool> Load(Guid bundle, CancellationToken ct)
    {
        if (await sampling.View(posts.Of((OfficialCaller)HttpContext.Caller()), bundle, ct) is not { } view) return false;
        View = view;
        return true;
    }
}
