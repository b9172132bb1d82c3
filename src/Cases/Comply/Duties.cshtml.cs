using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Hear;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Comply;

internal sealed record Duty
{
    public Guid CaseId { get; init; }

    public int Number { get; init; }

    /// <summary>The first request's reference.</summary>
    public string Request { get; init; } = "";

    public string Appeal { get; init; } = "";

    public string Layer { get; init; } = "";

    public Guid Applicant { get; init; }

    public string Post { get; init; } = "";

    public DateOnly Date { get; init; }

    public TimeOnly? At { get; init; }

    public string? Mode { get; init; }

    public Guid Said { get; init; }
}

/// <summary>What authorities ask of an official's posts: directions to carry out, hearings to attend.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DutiesModel(Database database, DeskPosts posts, ComplyAct comply, ProceedingsOf proceedings, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    private const string DirectionsSql = """
        select d.case_id, d.number, f.reference as request, a.reference as appeal, a.layer, a.applicant, d.post, d.by_date as date, d.said
        from cases.direction d join cases."case" a on a.id = d.case_id join cases."case" f on f.id = d.request where d.post = any(@own) and d.complied_on is null order by d.by_date, d.case_id, d.number limit 200
        """;

    private const string HearingsSql = """
        with recursive h as (
          select h.case_id, h.number, h.officer as post, h.on_date as date, h.at_time as at, h.mode, h.place as said, a.reference as appeal, a.layer, a.applicant, a.parent
          from cases.hearing h join cases."case" a on a.id = h.case_id where h.state = 'fixed' and h.officer = any(@own) and a.decided_on is null),
        up as (select case_id, parent from h union select up.case_id, c.parent from up join cases."case" c on c.id = up.parent where c.parent is not null)
        select h.*, f.reference as request from h join lateral (select c.reference from up join cases."case" c on c.id = up.parent where up.case_id = h.case_id and c.parent is null limit 1) f on true order by h.date, h.at limit 200
        """;

    public IReadOnlyList<Duty> Directions { get; private set; } = [];

    public IReadOnlyList<Duty> Hearings { get; private set; } = [];

    /// <summary>Notices to show cause, to the official as a person.</summary>
    public IReadOnlyList<(Guid Id, string Request, DateOnly ReplyBy)> Notices { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> Words { get; private set; } = new Dictionary<Guid, string>();

    public DateOnly Today { get; private set; }

    public bool Did { get; private set; }

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public string PostName(string code) => organisation.Post(code)?.Name.In(Lang) ?? code;

    public async Task OnGet(string? did, CancellationToken ct)
    {
        Did = did == "complied";
        await Load(ct);
    }

    public async Task<IActionResult> OnPost([FromForm] Guid @case, [FromForm] int number, CancellationToken ct)
    {
        var done = await comply.Run(Who, @case, number, Request.Form[$"reply-{@case:N}-{number}"], ct);
        if (done.Ok) return Go("/desk/duties?did=complied");
        await Load(ct);
        return Refuse(done.Problem);
    }

    /// <summary>How many there are, for the worklist.</summary>
    public static Task<long> Count(Database database, string[] own, Guid who, CancellationToken ct) => database.One<long>("""
        select (select count(*) from cases.direction where post = any(@own) and complied_on is null) + (select count(*) from cases.hearing h join cases."case" c on c.id = h.case_id where h.officer = any(@own) and h.state = 'fixed' and c.decided_on is null)
          + (select count(*) from cases.claim where official = @who and state = 'noticed')
        """, new { own, who }, ct);

    private async Task Load(CancellationToken ct)
    {
        Today = Ist.Today(time);
        var own = posts.Acts(Who.Id).Keys.ToArray();
        Directions = await database.Query<Duty>(DirectionsSql, new { own }, ct);
        Hearings = await database.Query<Duty>(HearingsSql, new { own }, ct);
        Notices = await database.Query<(Guid, string, DateOnly)>("""select l.id, f.reference, l.reply_by from cases.claim l join cases."case" f on f.id = l.request where l.official = @who and l.state = 'noticed' order by l.reply_by""", new { who = Who.Id }, ct);
        var words = new Dictionary<Guid, string>();
        foreach (var group in Directions.Concat(Hearings).GroupBy(d => d.Applicant))
            foreach (var (id, text) in await proceedings.Words(group.Key, [.. group.Select(d => d.Said)], ct)) words[id] = text;
        Words = words;
    }
}
