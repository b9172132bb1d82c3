using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Organisation.Rollout;

namespace Sahulat.Organisation.Onboard;

/// <summary>Takes a list of offices, posts, users, mail ids or VPN accounts in; first as a trial, if wished.</summary>
[Authorize(Policy = Policies.Admin), RequestFormLimits(MultipartBodyLengthLimit = MostBytes), RequestSizeLimit(MostBytes)]
internal sealed class ImportModel(Onboarding onboarding, RolloutReaders readers) : SahulatPage
{
    public const int Shown = 200;
    private const long MostBytes = 20 * 1024 * 1024;

    public string Kind { get; private set; } = "user";

    public bool DryRun { get; private set; } = true;

    public OnboardingPlan? Plan { get; private set; }

    public IEnumerable<Choice> Kinds => OnboardingRows.Kinds.Select(k => new Choice(k, T[$"organisation.onboard.kind.{k}"], string.Join(",", OnboardingRows.Columns[k].Concat(OnboardingRows.Further[k].Select(c => $"[{c}]")))));

    public void OnGet(string? kind) => Kind = OnboardingRows.Kinds.Contains(kind) ? kind! : "user";

    public async Task<IActionResult> OnPost(string? kind, string? way, IFormFile? list, CancellationToken ct)
    {
        var check = new Check();
        if (check.That(OnboardingRows.Kinds.Contains(kind), "kind", kind is null ? "required" : "not-a-choice")) Kind = kind!;
        check.That(list is not null, "list", "file-required");
        check.That(list is not { Length: 0 }, "list", "file-empty");
        if (!check.Ok) return Refuse(check.ToProblem());
        DryRun = way != "take";
        string text;
        using (var reader = new StreamReader(list!.OpenReadStream(), new UTF8Encoding(false, throwOnInvalidBytes: true)))
        {
            try
            {
                text = await reader.ReadToEndAsync(ct);
            }
            catch (DecoderFallbackException)
            {
                return Refuse(Problem.Invalid([new Fault("list", "list-not-utf8")]));
            }
        }

        Plan = await onboarding.Import(Kind, text, DryRun, readers.As((OfficialCaller)HttpContext.Caller()), ct);
        if (Plan.Faults.Count > 0) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    public string Says(Said said) => said.Code == "form" ? (string)said.Args[0]! : T[$"organisation.onboard.says.{said.Code}", said.Args];
}
