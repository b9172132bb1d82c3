using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Examine;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Recover;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Penalise;

/// <summary>An authority's page of penalties and compensation in an appeal: drafts with their arithmetic, notices, orders, ledger.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PenaltyModel(Database database, CaseFiles files, DeskPosts posts, Claims claims, PenaltyAct penalties, LedgerAct ledger, LateDays late, IOfficials officials, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    private static readonly string[] Told = ["notice", "order", "compensate", "pay", "counter"];

    private IReadOnlyDictionary<Guid, OfficialName> names = new Dictionary<Guid, OfficialName>();

    public Case Case { get; private set; } = null!;

    public Case First { get; private set; } = null!;

    public LawVersion? Law { get; private set; }

    public IReadOnlyList<Answerable> Persons { get; private set; } = [];

    public IReadOnlyList<Claim> Claims { get; private set; } = [];

    public IReadOnlyDictionary<string, decimal> Left { get; private set; } = new Dictionary<string, decimal>();

    public bool Sits { get; private set; }

    public string? Did { get; private set; }

    public DateOnly Today => Ist.Today(time);

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public string PostName(string? code) => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? code;

    public string PersonName(Guid? official) => official is { } id && names.TryGetValue(id, out var name) ? name.Name : T["cases.claim.vacant"];

    public IEnumerable<Choice> PersonChoices => Persons.Where(p => p.Official is not null).Select(p => new Choice(p.Key, $"{PersonName(p.Official)} · {PostName(p.Post)} · {Reference.Show(p.Reference)} · {T["cases.claim.late-days", p.Days]}"));

    public IEnumerable<Choice> RuleChoices => Law?.Penalties.Select(p => new Choice(p.Code, RuleLine(p))) ?? [];

    public string RuleLine(PenaltyRule p) => string.Join(" · ", new[] { LedgerCsv.RuleName(T, p.Code), p.Section, p.PerDay is { } day ? T["cases.claim.per-day", T.Money(day)] : null, p.Max is { } max ? T["cases.claim.at-most", T.Money(max)] : null, p.Amount is { } sum ? T.Money(sum) : null, p.Confirmed ? null : T["cases.claim.unconfirmed"] }.Where(s => s is not null));

    public async Task<IActionResult> OnGet(string reference, string? did, CancellationToken ct)
    {
        Did = Told.Contains(did) ? did : null;
        return await Load(reference, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(string reference, [FromForm(Name = "do")] string? act, [FromForm] Guid claim, [FromForm] int line, [FromForm] int seen, CancellationToken ct)
    {
        if (!await Load(reference, ct)) return Refuse(Problem.NotFound);
        var form = Request.Form;
        string? Of(string name) => form[$"{name}-{claim:N}"];
        Dates.Read(form, "reply", out var reply);
        Dates.Read(form, $"paid-on-{claim:N}", out var paidOn);
        var done = act switch
        {
            "notice" => await penalties.Notice(Who, Case, form["rule"], form["person"], reply, form["notice"], ct),
            "order" => await penalties.Order(Who, Case, claim, Of("outcome"), Rupees(Of("amount")), Of("reason"), ct),
            "compensate" => await penalties.Compensate(Who, Case, form["compensation"], Rupees(form["compensation-amount"]), form["compensation-reason"], ct),
            "pay" => Named(await ledger.Pay(Who, claim, seen, Rupees(Of("sum")), Of("voucher"), paidOn, ct), claim),
            "counter" => await ledger.Counter(Who, claim, line, ct),
            _ => Problem.NotFound,
        };
        if (done.Ok) return Go($"/desk/cases/{Case.Reference}/penalty?did={act}");
        return await Load(reference, ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
    }

    /// <summary>Rupees as people write them: digits of any script, commas, a rupee sign.</summary>
    private static decimal? Rupees(string? written)
    {
        var clean = string.Concat((written ?? "").Where(c => c is not (',' or '₹') && !char.IsWhiteSpace(c)).Select(c => char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c));
        return clean.Length <= 12 && decimal.TryParse(clean, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }

    /// <summary>The fields of one claim's form among several.</summary>
    private static Result<Done> Named(Result<Done> done, Guid claim) => done.Problem is { Faults.Count: > 0 } problem
        ? Problem.Invalid(problem.Faults.Select(f => f with { Pointer = $"{(f.Pointer == "amount" ? "sum" : f.Pointer)}-{claim:N}" }))
        : done;

    private async Task<bool> Load(string reference, CancellationToken ct)
    {
        if (await files.Seen(Who, reference, ct) is not var (c, _) || !c.IsAppeal) return false;
        Case = c;
        var below = await files.Below(c, ct);
        First = below[0];
        Law = penalties.Law(c);
        Persons = await late.Of(below, ct);
        Claims = await claims.OfRequest(First.Id, First.Applicant, ct);
        names = await officials.Names([.. Persons.Select(p => p.Official).Concat(Claims.Select(l => l.Row.Official)).OfType<Guid>().Distinct()], ct);
        Sits = PenaltyAct.Whose(c) is { } post && posts.Acts(Who.Id).ContainsKey(post) && c.State is not (CaseState.Stayed or CaseState.Withdrawn);
        var left = new Dictionary<string, decimal>();
        foreach (var rule in Law?.Compensation ?? []) left[rule.Code] = await database.Write(work => PenaltyAct.Left(work, First.Id, rule), ct);
        Left = left;
        return true;
    }
}
