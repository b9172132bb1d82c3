using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Exchange;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Incoming;

/// <summary>One pack that came: who signed it, what it would change here, and the decision of a second administrator.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class IncomingPackModel(IncomingPacks incoming, PackPlanning planning, DifferenceWriting writing, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    private const string Prefix = "map.";

    public IncomingRow Row { get; private set; } = null!;

    public SignedPack Pack { get; private set; } = null!;

    public string? TrustedAs { get; private set; }

    public bool Waiting => Row.State == IncomingPacks.Waiting;

    /// <summary>Whoever brought it does not accept it.</summary>
    public bool Mine => Row.Receiver == ((OfficialCaller)HttpContext.Caller()).Id;

    public IReadOnlyList<Choice> Governments { get; private set; } = [];

    public string Government { get; private set; } = "";

    public DateOnly? From { get; private set; }

    public Dictionary<NamedThing, string> Mapping { get; } = [];

    public PackPlan Plan { get; private set; } = new([], [], [], [], null);

    /// <summary>What is lacking here, what was mapped already, and the laws.</summary>
    public IReadOnlyList<Lack> Asked { get; private set; } = [];

    public string FieldOf(NamedThing thing) => $"{Prefix}{thing.Kind}.{thing.Code}";

    public string LabelOf(NamedThing thing) => T["catalogue.packs.map." + thing.Kind, Pack.Statement.Names.GetValueOrDefault($"{thing.Kind}:{thing.Code}") is { } name ? $"{name} ({thing.Code})" : thing.Code];

    public IEnumerable<Choice> ChoicesOf(Lack lack) => lack.Instead.Select(code => new Choice(code, lack.Thing.Kind switch
    {
        Rewriting.Department => $"{organisation.Department(code).In(Lang)} ({code})",
        Rewriting.Designation => $"{organisation.Designation(code).In(Lang)} ({code})",
        Rewriting.Level => T["catalogue.level." + code],
        _ => code,
    })).OrderBy(c => c.Label, StringComparer.Ordinal);

    public string NameOf(PlannedItem item) => $"{T[item.Service ? "catalogue.packs.service" : "catalogue.packs.law"]} {item.File.Code}";

    public IReadOnlyList<ChangeRow> RowsOf(PlannedItem item) => writing.Rows(item.Changes, T);

    public async Task<IActionResult> OnGet(Guid id, CancellationToken ct)
    {
        if (!await Open(id, ct)) return Refuse(Problem.NotFound);
        await Look(ct);
        return Page();
    }

    public async Task<IActionResult> OnPost(Guid id, [FromForm] string? what, CancellationToken ct)
    {
        if (!await Open(id, ct)) return Refuse(Problem.NotFound);
        var form = Request.Form;
        if (Governments.Any(g => g.Value == form["government"])) Government = form["government"].ToString();
        var boxes = DateBoxes.Read(form, "from");
        From = boxes.Date;
        foreach (var key in form.Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal) && form[k].ToString().Length > 0))
            if (key[Prefix.Length..].Split('.', 2) is [var kind, var code] && (kind is Rewriting.Law or Rewriting.Department or Rewriting.Designation or Rewriting.Level)) Mapping[new NamedThing(kind, code)] = form[key].ToString();
        var me = ((OfficialCaller)HttpContext.Caller()).AsAdministrator(organisation, Ist.Today(time));
        var problem = what switch
        {
            "look" => null,
            "refuse" => (await incoming.Refuse(id, me, ct)).Problem,
            "accept" when From is null => Problem.Invalid([new Fault("from", boxes.Empty ? "required" : "not-a-date")]),
            "accept" => (await incoming.Accept(id, new Acceptance(Government, From!.Value, Mapping), me, ((OfficialCaller)HttpContext.Caller()).Id, ct)).Problem,
            _ => Problem.NotFound,
        };
        if (problem is null && what != "look") return Go($"/desk/packs/{id:N}");
        await Look(ct);
        return problem is null ? Page() : Refuse(problem);
    }

    private async Task<bool> Open(Guid id, CancellationToken ct)
    {
        if (await incoming.Find(id, ct) is not var (row, pack)) return false;
        (Row, Pack, TrustedAs) = (row, pack, await incoming.NameOf(row.Fingerprint, ct));
        Governments = [.. planning.Governments().Select(g => new Choice(g.Code, g.Name.In(Lang)))];
        Government = row.Government ?? (Governments is [var first, ..] ? first.Value : "");
        From = Ist.Today(time).AddDays(1);
        return true;
    }

    private async Task Look(CancellationToken ct)
    {
        if (!Waiting) return;
        Plan = await planning.Plan(Pack, Government, From ?? Ist.Today(time).AddDays(1), Mapping, ct);
        Asked = [.. Plan.Laws.Concat(Plan.Lacks).Concat(Mapping.Keys.Select(k => new Lack(k, planning.Instead(Government, k.Kind, Pack)))).DistinctBy(l => l.Thing)];
    }
}
