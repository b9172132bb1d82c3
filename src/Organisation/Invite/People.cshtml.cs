using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Rollout;

namespace Sahulat.Organisation.Invite;

/// <summary>Users of the rollout, filtered; chosen ones are invited or marked as trained. Beside them those who are perhaps there twice.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class PeopleModel(People people, OrganisationDirectory directory, IOfficials officials, RolloutReaders readers) : SahulatPage
{
    public string State { get; private set; } = "all";

    public string? Place { get; private set; }

    public string? Q { get; private set; }

    public int Number { get; private set; } = 1;

    public int Total { get; private set; }

    public IReadOnlyList<Person> Rows { get; private set; } = [];

    public IReadOnlyList<Twins> Twins { get; private set; } = [];

    public IReadOnlyList<Invitation> Invited { get; private set; } = [];

    public string? Did { get; private set; }

    public IReadOnlyDictionary<Guid, OfficialName> Names { get; private set; } = new Dictionary<Guid, OfficialName>();

    public int Pages => Math.Max(1, (Total + People.PageSize - 1) / People.PageSize);

    public IEnumerable<Choice> States => People.States.Keys.Select(s => new Choice(s, T[$"organisation.people.state.{s}"]));

    public IEnumerable<Choice> Districts => directory.OfKind("district").Select(d => new Choice(d.Code, d.Name.In(Lang)));

    public async Task OnGet(string? did, CancellationToken ct)
    {
        Did = did is "trained" or "apart" or "same" ? did : null;
        await Load(ct);
    }

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] string[] who, [FromForm] string? one, [FromForm] string? other, CancellationToken ct)
    {
        var by = readers.As((OfficialCaller)HttpContext.Caller());
        if (act == "invite")
        {
            var invited = await people.Invite(who, by, ct);
            await Load(ct);
            if (!invited.Ok) return Refuse(invited.Problem);
            Invited = invited.Value;
            return Page();
        }

        var done = act switch { "trained" => await people.Train(who, by, ct), "apart" => await people.TellApart(one, other, ct), "same" => await people.Same(one, other, by, ct), _ => Problem.NotFound };
        if (done.Ok) return Go($"/desk/onboarding/people?did={act}");
        await Load(ct);
        return Refuse(done.Problem);
    }

    public string Office(string? code) => code is null ? "–" : directory.Office(code)?.Name.In(Lang) ?? code;

    public string Name(Guid official) => Names.GetValueOrDefault(official)?.Name ?? T["organisation.unknown"];

    private async Task Load(CancellationToken ct)
    {
        string? Asked(string name) => Request.Query[name].ToString() is { Length: > 0 } text ? text.Trim() : null;
        State = Asked("state") is { } s && People.States.ContainsKey(s) ? s : "all";
        Place = Asked("place") is { } p && directory.Place(p) is not null ? p : null;
        Q = Asked("q");
        if (int.TryParse(Asked("page"), out var page)) Number = Math.Clamp(page, 1, 10_000);
        (Total, Rows) = await people.List(State, Place, Q, Number, ct);
        Twins = await people.Twins(ct);
        Names = await officials.Names([.. Rows.Select(r => r.Official).Concat(Twins.SelectMany(t => new[] { t.OneOfficial, t.OtherOfficial })).Distinct()], ct);
    }
}
