using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Keying;

/// <summary>The picture on one side, the fields on the other.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class KeyPageModel(Keyings keyings, OfficePosts posts) : SahulatPage
{
    public ItemView View { get; private set; } = null!;

    /// <summary>Which picture is shown, from 1.</summary>
    public int At { get; private set; } = 1;

    public async Task<IActionResult> OnGet(Guid item, int? at, CancellationToken ct) => await Load(item, at, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(Guid item, int? at, CancellationToken ct)
    {
        if (!await Load(item, at, ct)) return Refuse(Problem.NotFound);
        var done = await keyings.Save(posts.Of((OfficialCaller)HttpContext.Caller()), View, KeyedFields.Of(name => Request.Form[name].ToString().Normalize().Trim()), ct);
        return done.Ok ? Go($"/desk/office/scanning/{View.Plan.Id:N}?did=keyed") : Refuse(done.Problem);
    }

    public string Value(string field) => Request.HasFormContentType ? Request.Form[field].ToString() : View.Open == 3 && !View.Differ.Contains(field) ? View.First![field] : "";

    public IReadOnlyList<string> Suggested(string field) => field switch
    {
        "number" => View.Suggested.Numbers,
        "dated" => View.Suggested.Dates,
        "names" => View.Suggested.Names,
        "village" => View.Suggested.Villages,
        "khasra" => View.Suggested.Khasras,
        _ => [],
    };

    private async Task<bool> Load(Guid item, int? at, CancellationToken ct)
    {
        if (await keyings.View(posts.Of((OfficialCaller)HttpContext.Caller()), item, ct) is not { } view) return false;
        (View, At) = (view, Math.Clamp(at ?? 1, 1, Math.Max(1, view.Papers.Count)));
        return true;
    }
}
