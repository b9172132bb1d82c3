using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Catalogue.Load;

/// <summary>Reads a <c>services/*.yaml</c>.</summary>
internal static class ServiceFile
{
    public static readonly string[] Printed = ["en", "hi", "ur"];

    public static ServiceVersion Read(YamlMap map, PackFacts facts)
    {
        map.Faults.Languages = Languages(map);
        var lawCode = map.Optional("law");
        var law = lawCode is null ? null : facts.Laws?.GetValueOrDefault(lawCode);
        if (lawCode is not null && facts.Laws is not null && law is null) map.Faults.Add(map.At("law"), $"law '{lawCode}' is not among the laws of this pack");
        var department = map.Text("department");
        if (department.Length > 0 && facts.Departments is { } departments && !departments.Contains(department)) map.Faults.Add(map.At("department"), $"department '{department}' is not in departments.csv");
        var from = map.Date("valid_from");
        if (!map.Has("valid_from")) map.Faults.Add(map.Node, "'valid_from' is missing");
        var to = map.Date("valid_to");
        if (to < from) map.Faults.Add(map.At("valid_to"), "valid_to lies before valid_from");
        var fee = map.OptionalMap("fee");
        var steps = Steps(map, facts);
        var form = map.OptionalMap("form") is { } formMap ? FormFile.Read(formMap) : null;
        var online = map.Flag("online", false);
        if (online && form is null) map.Faults.Add(map.At("online"), "a service that is online needs a form");
        if (online && steps.Count == 0) map.Faults.Add(map.At("online"), "a service that is online needs a workflow");
        var limit = Limits.Read(map.OptionalMap("limit"), law?.Convention ?? Counting.ExcludeHolidays);
        var (officers, unknown) = OfficersByRole(map, facts, law);
        LawChecks.Officers(map, law, officers, unknown, limit is not null && officers.ContainsKey(ServiceRoles.Designated));
        var service = new ServiceVersion(
            Codes.Read(map, "code"),
            0,
            from ?? default,
            to,
            map.Local("name"),
            map.Local("summary"),
            department,
            map.OneOf("category", [.. PackFacts.Categories]),
            lawCode,
            limit,
            officers,
            map.OneOf("place", [.. PackFacts.Levels], "ut"),
            fee?.Number("rupees"),
            online,
            form,
            steps,
            Reasons(map),
            Certificate(map, form),
            Source(map),
            map.Whole("row", 1))
        {
            Keywords = Keywords(map),
            UnknownRoles = unknown,
            FeeConfirmed = fee?.Flag("confirmed", true) ?? false,
        };
        fee?.Optional("source");
        fee?.Optional("note");
        fee?.Done();
        map.Done();
        return service;
    }

    /// <summary>The languages a service is offered in; its readers in others see English.</summary>
    private static IReadOnlyList<string> Languages(YamlMap map)
    {
        var languages = map.Words("languages", FileFaults.Five);
        if (languages.Count > 0 && !languages.Contains("en")) map.Faults.Add(map.At("languages"), "languages: en must be among them");
        return languages.Count == 0 ? FileFaults.Five : languages;
    }

    private static (Dictionary<string, OfficerRule> Known, IReadOnlySet<string> Unknown) OfficersByRole(YamlMap map, PackFacts facts, LawVersion? law)
    {
        var officers = new Dictionary<string, OfficerRule>(StringComparer.Ordinal);
        if (map.OptionalMap("officers") is not { } roles) return (officers, new HashSet<string>());
        string[] appeals = [.. (law?.Layers.Select(l => l.Role) ?? []).Union(ServiceRoles.Appeals, StringComparer.Ordinal)];
        foreach (var role in appeals.Prepend(ServiceRoles.Designated))
        {
            if (roles.OptionalMap(role) is { } officer) officers[role] = Officers.Read(officer, facts);
        }

        var unknown = roles.Words("unknown", appeals).ToHashSet(StringComparer.Ordinal);
        foreach (var role in unknown.Where(officers.ContainsKey)) roles.Faults.Add(roles.At("unknown"), $"unknown: {role} is named as well");
        roles.Done();
        return (officers, unknown);
    }

    private static List<WorkflowStep> Steps(YamlMap map, PackFacts facts)
    {
        var steps = new List<WorkflowStep>();
        if (map.OptionalMap("workflow") is not { } workflow) return steps;
        var closed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in workflow.Maps("steps"))
        {
            var officer = step.OptionalMap("officer");
            if (!step.Has("officer")) step.Faults.Add(step.Node, $"step '{step.Optional("code")}' has no officer");
            var read = new WorkflowStep(
                Codes.Read(step, "code"),
                step.Local("name"),
                officer is null ? new OfficerRule("", "", false) : Officers.Read(officer, facts),
                step.Words("actions", [.. PackFacts.Actions]),
                step.Whole("within", 1),
                step.Optional("parallel"));
            if (read.Actions.Count == 0) step.Faults.Add(step.At("actions"), $"step '{read.Code}' has no actions");
            if (steps.Any(s => s.Code == read.Code)) step.Faults.Add(step.At("code"), $"step '{read.Code}' is there twice");
            if (steps.Count > 0 && steps[^1].Parallel is { } before && before != read.Parallel) closed.Add(before);
            if (read.Parallel is { } group && closed.Contains(group)) step.Faults.Add(step.At("parallel"), $"steps of the parallel group '{group}' must follow each other");
            step.Done();
            steps.Add(read);
        }

        if (steps.Count == 0) workflow.Faults.Add(workflow.Node, "a workflow needs at least one step");
        else if (steps[^1].Parallel is not null || !steps[^1].Actions.Contains("approve") || !steps[^1].Actions.Contains("reject"))
            workflow.Faults.Add(workflow.At("steps"), "the last step must stand alone, and approve or reject");
        workflow.Done();
        return steps;
    }

    private static List<RejectReason> Reasons(YamlMap map)
    {
        var reasons = new List<RejectReason>();
        foreach (var reason in map.Maps("reject_reasons"))
        {
            var read = new RejectReason(Codes.Read(reason, "code"), reason.Local("text"));
            if (reasons.Any(r => r.Code == read.Code)) reason.Faults.Add(reason.At("code"), $"reason '{read.Code}' is there twice");
            reason.Done();
            reasons.Add(read);
        }

        return reasons;
    }

    private static CertificateTemplate? Certificate(YamlMap map, FormDefinition? form)
    {
        if (map.OptionalMap("certificate") is not { } certificate) return null;
        var template = new CertificateTemplate(certificate.Local("title", Printed), certificate.Local("body", Printed), certificate.Whole("valid_years") ?? 0);
        var known = FormFile.AllNames(form ?? new FormDefinition([], []));
        foreach (var (lang, body) in template.Body)
        {
            foreach (var name in Placeholders.In(body).Where(n => n is not ("place" or "reference") && !known.Contains(n)))
                certificate.Faults.Add(certificate.OptionalMap("body")?.At(lang) ?? certificate.Node, $"certificate: {{{name}}} names no field of the form");
        }

        certificate.Done();
        return template;
    }

    private static SourceNote Source(YamlMap map)
    {
        if (map.OptionalMap("source") is not { } source)
        {
            if (!map.Has("source")) map.Faults.Add(map.Node, "'source' is missing");
            return new SourceNote(null, "low", null);
        }

        var note = new SourceNote(source.Optional("url"), source.OneOf("confidence", ["high", "medium", "low"]), source.Optional("note"));
        if (note.Url is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")) source.Faults.Add(source.At("url"), $"url: '{url}' is not an address");
        source.Done();
        return note;
    }

    public static Dictionary<string, IReadOnlyList<string>> Keywords(YamlMap map)
    {
        var words = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (map.OptionalMap("keywords") is not { } keywords) return words;
        foreach (var lang in (string[])["en", "hi", "ur", "ks", "doi", "roman"]) words[lang] = keywords.Words(lang);
        keywords.Done();
        return words;
    }
}

/// <summary>The names in braces of a certificate's text.</summary>
internal static class Placeholders
{
    public static IEnumerable<string> In(string text)
    {
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var close = text.IndexOf('}', open);
            if (close < 0) yield break;
            yield return text[(open + 1)..close];
        }
    }
}
