using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Load;

/// <summary>What all subjects share, from <c>grievances/common.yaml</c>: the name of the one step, the questions, and what an office can have done.</summary>
internal sealed record GrievanceCommon(LocalText Step, FormDefinition Form, IReadOnlyList<Disposition> Dispositions)
{
    public static GrievanceCommon Read(YamlMap map)
    {
        var step = map.Local("step");
        var form = map.OptionalMap("form");
        if (form is null) map.Faults.Add(map.At("form"), "'form' is missing");
        var dispositions = new List<Disposition>();
        foreach (var entry in map.Maps("dispositions"))
        {
            var read = new Disposition(Codes.Read(entry, "code"), entry.Local("text"), entry.Flag("transfer_instead", false), entry.Flag("granted", false));
            if (dispositions.Any(d => d.Code == read.Code)) entry.Faults.Add(entry.At("code"), $"disposition '{read.Code}' is there twice");
            entry.Done();
            dispositions.Add(read);
        }

        if (dispositions.All(d => d.TransferInstead)) map.Faults.Add(map.At("dispositions"), "at least one disposition must close a grievance");
        map.Done();
        return new GrievanceCommon(step, form is null ? new FormDefinition([], []) : FormFile.Read(form), dispositions);
    }
}

/// <summary>Reads a subject of grievances, <c>grievances/*.yaml</c>: answered like a service, by one step.</summary>
internal static class GrievanceFile
{
    public const string Common = "common.yaml", Category = "grievance", Step = "redress";

    private static readonly string[] Acts = ["query", "forward", "transfer", "interim", "dispose", "join"];

    public static ServiceVersion Read(YamlMap map, GrievanceCommon common, PackFacts facts)
    {
        var refused = map.OptionalMap("refused");
        var from = map.Date("valid_from");
        if (!map.Has("valid_from")) map.Faults.Add(map.Node, "'valid_from' is missing");
        var to = map.Date("valid_to");
        if (to < from) map.Faults.Add(map.At("valid_to"), "valid_to lies before valid_from");
        var lawCode = refused is null ? map.Text("law") : map.Optional("law");
        var law = lawCode is null ? null : facts.Laws?.GetValueOrDefault(lawCode);
        if (!string.IsNullOrEmpty(lawCode) && facts.Laws is not null && law is null) map.Faults.Add(map.At("law"), $"law '{lawCode}' is not among the laws of this pack");
        if (law is { ReplyWithin: null }) map.Faults.Add(map.At("law"), $"law '{lawCode}' sets no limit for a reply (reply_within)");
        var department = refused is null ? map.Text("department") : "";
        if (department.Length > 0 && facts.Departments is { } departments && !departments.Contains(department)) map.Faults.Add(map.At("department"), $"department '{department}' is not in departments.csv");
        var answers = map.OptionalMap("answers");
        if (refused is null && answers is null) map.Faults.Add(map.At("answers"), "'answers' is missing: the lowest competent officer");
        var officers = Ladder(map, facts, law);
        if (answers is not null) officers["designated"] = Officers.Read(answers, facts);
        var enters = map.Optional("enters_at");
        if (enters is not null && law is not null && law.Layers.All(l => l.Code != enters)) map.Faults.Add(map.At("enters_at"), $"law '{lawCode}' has no layer '{enters}'");
        var anonymous = map.Flag("anonymous", false);
        var open = map.Flag("public", false);
        var own = map.OptionalMap("form") is { } form ? FormFile.Read(form) : null;
        if (anonymous && own?.Pages.SelectMany(p => p.Fields).FirstOrDefault(f => f.Required) is { } asked) map.Faults.Add(map.At("form"), $"'{asked.Name}' is required, but who reports without a name is not asked for it");
        foreach (var twice in own is null ? [] : FormFile.AllNames(own).Intersect(FormFile.AllNames(common.Form))) map.Faults.Add(map.At("form"), $"field '{twice}' is among the common questions already");
        var read = new ServiceVersion(
            Codes.Read(map, "code"), 0, from ?? default, to, map.Local("name"), map.OptionalLocal("summary") ?? [], department, Category, refused is null ? lawCode : null, law?.ReplyWithin, officers,
            map.OneOf("place", [.. PackFacts.Levels], "tehsil"), 0, refused is null, own is null ? common.Form : new FormDefinition([.. own.Pages, .. common.Form.Pages], [.. own.Checks, .. common.Form.Checks]),
            answers is null ? [] : [new WorkflowStep(Step, common.Step, officers["designated"], Acts, null, null)], [], null, new SourceNote(null, "medium", map.Optional("note")), null)
        {
            Keywords = ServiceFile.Keywords(map),
            Grievance = new GrievanceTerms(anonymous, open, enters, refused?.Local("instead"), common.Dispositions),
        };
        refused?.Done();
        map.Done();
        return read;
    }

    /// <summary>Who stands on the law's rungs for this subject; a rung that neither it nor the law names an officer for would leave nobody.</summary>
    private static Dictionary<string, OfficerRule> Ladder(YamlMap map, PackFacts facts, LawVersion? law)
    {
        var officers = new Dictionary<string, OfficerRule>(StringComparer.Ordinal);
        var ladder = map.OptionalMap("ladder");
        foreach (var layer in law?.Layers ?? [])
        {
            if (ladder?.OptionalMap(layer.Role) is { } officer) officers[layer.Role] = Officers.Read(officer, facts);
            else if (layer.Officer is null) map.Faults.Add(map.At("ladder"), $"ladder: nobody stands at '{layer.Role}' of law '{law!.Code}'");
        }

        if (law is not null) ladder?.Done();
        return officers;
    }
}
