using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Consent;
using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Counter;

/// <summary>What the operator himself filed or began: no more of a citizen than that.</summary>
internal sealed record AtCounter(Guid Id, string Service, DateTimeOffset At, string? Reference);

/// <summary>A service centre's counter: the citizen's number and the service; the code goes to the citizen.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class CounterModel(Consents consents, Database database, DeskPosts posts, IServiceDirectory services, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    public IReadOnlyList<Choice> Services => [.. Online.Select(s => new Choice(s.Code, s.Name.In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];

    public IReadOnlyList<Choice> Languages => [.. Kernel.Language.Lang.All.Select(l => new Choice(l.Code, l.NativeName))];

    public IReadOnlyList<AtCounter> Begun { get; private set; } = [];

    public IReadOnlyList<AtCounter> Filed { get; private set; } = [];

    public string Post => organisation.Post(Own)?.Name.In(Lang) ?? Own;

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    private string Own => posts.Held(Who.Id).First(p => organisation.Post(p)?.Designation == Designations.Operator);

    private IEnumerable<ServiceVersion> Online => services.All(Ist.Today(time)).Concat(services.Grievances(Ist.Today(time))).Where(s => s.Online);

    public Task OnGet(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPost([FromForm] string? mobile, [FromForm] string? service, [FromForm] string? language, CancellationToken ct)
    {
        await Load(ct);
        var check = new Check();
        var number = Mobile.Normalise(mobile);
        check.That(number is not null, "mobile", string.IsNullOrWhiteSpace(mobile) ? "required" : "not-a-mobile");
        var chosen = Online.FirstOrDefault(s => s.Code == service);
        check.That(chosen is not null, "service", string.IsNullOrEmpty(service) ? "required" : "not-a-choice");
        if (!check.Ok) return Refuse(check.ToProblem());
        var asked = await consents.Ask(Who, Own, chosen!, number!, Kernel.Language.Lang.Find(language) ?? Lang, HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", ct);
        return asked.Ok ? Go($"/desk/counter/{asked.Value:N}/code") : Refuse(asked.Problem);
    }

    public string Named(AtCounter row) => services.Find(row.Service, Ist.Today(time))?.Name.In(Lang) ?? row.Service;

    private async Task Load(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        Begun = await database.Query<AtCounter>("""
            select d.id, d.service, d.updated_at as at, null::text as reference from cases.draft d join cases.consent n on n.id = d.id where n.official = @Id and n.expires_at > @now order by d.updated_at desc limit 20
            """, new { Who.Id, now }, ct);
        Filed = await database.Query<AtCounter>("""
            select c.id, c.service, c.filed_at as at, c.reference from cases."case" c join cases.consent n on n.id = c.id where n.official = @Id and c.filed_by like 'post:%/' || replace(@Id::text, '-', '') and c.filed_at >= @today order by c.filed_at desc limit 100
            """, new { Who.Id, today = Ist.StartOf(Ist.DateIn(now)) }, ct);
    }
}
