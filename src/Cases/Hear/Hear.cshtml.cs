using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Examine;
using Sahulat.Cases.Stay;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Hear;

/// <summary>Where an authority conducts an appeal: hearings, directions, delay, stay. For a first request only the stay.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class HearModel(CaseFiles files, DeskPosts posts, HearAct hear, StayAct stay, ProceedingsOf proceedings, IOrganisation organisation) : SahulatPage
{
    private static readonly string[] Told = ["fixed", "adjourned", "held", "direct", "delay", "stay", "lift"];

    public Case Case { get; private set; } = null!;

    public Proceedings Done { get; private set; } = null!;

    /// <summary>Whether the post that conducts it is the official's.</summary>
    public bool Sits { get; private set; }

    public string? Did { get; private set; }

    public HearingRow? Open => Done.Hearings.LastOrDefault(h => h.CaseId == Case.Id && h.State == "fixed");

    public bool DelayOpen => Done.Delays.Any(d => d.CaseId == Case.Id && d.Delay is null);

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public string PostName(string? code) => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? code;

    public IEnumerable<Choice> Modes => HearAct.Modes.Select(m => new Choice(m, T["cases.hearing.mode." + m]));

    public IEnumerable<Choice> Attendances => HearAct.Attendances.Select(a => new Choice(a, T["cases.hearing.came." + a]));

    public async Task<IActionResult> OnGet(string reference, string? did, CancellationToken ct)
    {
        Did = Told.Contains(did) ? did : null;
        return await Load(reference, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(string reference, [FromForm] long version, [FromForm(Name = "do")] string? act, CancellationToken ct)
    {
        if (!await Load(reference, ct)) return Refuse(Problem.NotFound);
        var done = await Run(version, act, ct);
        if (done.Ok) return Go($"/desk/cases/{Case.Reference}/hear?did={act}");
        return await Load(reference, ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
    }

    private async Task<Result<Done>> Run(long version, string? act, CancellationToken ct)
    {
        var form = Request.Form;
        var reference = Case.Reference;
        Dates.Read(form, "on", out var on);
        Dates.Read(form, "by", out var by);
        var notice = new HearingNotice(on, form["at"], form["mode"], form["place"]);
        return act switch
        {
            "fixed" => await hear.Fix(Who, reference, version, notice, ct),
            "adjourned" => await hear.Adjourn(Who, reference, version, notice, form["reason"], ct),
            "held" => await hear.Hold(Who, reference, version, form["applicant"], form["officer"], form["minutes"], ct),
            "direct" => await hear.Direct(Who, reference, version, by, form["direction"], ct),
            "delay" => await hear.Delay(Who, reference, version, form["delay"], form["why"], ct),
            "stay" => await stay.Stay(Who, reference, version, form["order-no"], form["court"], form["stay-reason"], ct),
            "lift" => await stay.Lift(Who, reference, version, form["order-no"], form["stay-reason"], ct),
            _ => Problem.NotFound,
        };
    }

    private async Task<bool> Load(string reference, CancellationToken ct)
    {
        if (await files.Seen(Who, reference, ct) is not var (c, _)) return false;
        Case = c;
        Done = await proceedings.Cases([c.Id], c.Applicant, ct);
        Sits = stay.Whose(c) is { } post && posts.Acts(Who.Id).ContainsKey(post) && !c.Ended;
        return true;
    }
}
