using System.Globalization;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Load;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Design;

/// <summary>One screen: the inputs of a node of the document, and the list below it whose items have screens of their own.</summary>
/// <param name="At">Its address: a section's name, or the path of a node.</param>
/// <param name="Path">The path of the node.</param>
/// <param name="Children">Dotted key of the list below, from the node; null where there is none.</param>
internal sealed record Sheet(string At, string Path, string Section, YamlMappingNode Node, IReadOnlyList<Input> Inputs, string? Children = null)
{
    /// <summary>The kind of thing it is about: a section's name, page, field or step.</summary>
    public required string Kind { get; init; }

    public required string Title { get; init; }

    public string? Up { get; init; }
}

/// <summary>Which screen stands at which address, and what it asks.</summary>
internal sealed class Sheets(DraftCheck check, IOrganisation organisation)
{
    public static readonly string[] Sections = ["texts", "facts", "officers", "form", "steps", "reasons", "certificate", "keywords"];

    private static readonly string[] KnownPatterns = ["mobile", "pin", "email", "vehicle", "aadhaar-last4"];

    public static string SectionOf(string path) => path.Split('/')[0] switch
    {
        "name" or "summary" or "languages" => "texts",
        "officers" => "officers",
        "form" => "form",
        "workflow" => "steps",
        "reject_reasons" => "reasons",
        "certificate" => "certificate",
        "keywords" => "keywords",
        _ => "facts",
    };

    /// <summary>Every screen of a document.</summary>
    public IEnumerable<Sheet> All(ServiceDocument document, Texts t)
    {
        var open = new Stack<string>(Sections.Reverse());
        while (open.TryPop(out var at))
        {
            if (At(document, at, t) is not { } sheet) continue;
            yield return sheet;
            if (sheet.Children is null) continue;
            for (var i = sheet.Node.Maps(sheet.Children).Count - 1; i >= 0; i--) open.Push($"{sheet.Path}/{sheet.Children.Replace('.', '/')}/{i}".TrimStart('/'));
        }
    }

    public Sheet? At(ServiceDocument document, string at, Texts t)
    {
        var root = document.Root;
        var languages = Languages(root);
        if (Sections.Contains(at))
            return new Sheet(at, "", at, root, Section(at, root, languages, t), at switch { "form" => "form.pages", "steps" => "workflow.steps", _ => null }) { Kind = at, Title = t["catalogue.design.section." + at] };
        if (document.At(at) is not YamlMappingNode node) return null;
        return at.Split('/') switch
        {
            ["form", "pages", _] => new Sheet(at, at, "form", node, Page(document, at, node, languages, t), "fields") { Kind = "page", Title = Named(node, "title", "page", t), Up = "form" },
            ["form", "pages", var p, "fields", _] => new Sheet(at, at, "form", node, Field(document, at, node, languages, t), node.Scalar("type") == "group" ? "fields" : null) { Kind = "field", Title = Named(node, "label", "field", t), Up = $"form/pages/{p}" },
            ["form", "pages", var p, "fields", var g, "fields", _] => new Sheet(at, at, "form", node, Field(document, at, node, languages, t)) { Kind = "field", Title = Named(node, "label", "field", t), Up = $"form/pages/{p}/fields/{g}" },
            ["workflow", "steps", _] => new Sheet(at, at, "steps", node, Step(languages, t)) { Kind = "step", Title = Named(node, "name", "step", t), Up = "steps" },
            _ => null,
        };
    }

    public static IEnumerable<string> Types(bool inGroup) => Enum.GetNames<FieldType>().Select(n => n.ToLowerInvariant()).Where(n => !inGroup || n is not ("group" or "document" or "person"));

    /// <summary>A node by the words that a reader knows it by.</summary>
    public static string Named(YamlMappingNode node, string key, string kind, Texts t) =>
        node.Scalar($"{key}.{t.Lang.Code}") is { Length: > 0 } own ? own : node.Scalar(key + ".en") is { Length: > 0 } english ? english : t["catalogue.design.new-" + kind];

    public static IReadOnlyList<string> Languages(YamlMappingNode root) => root.Words("languages") is { Count: > 0 } some ? [.. FileFaults.Five.Where(some.Contains)] : FileFaults.Five;

    private IReadOnlyList<Input> Section(string section, YamlMappingNode root, IReadOnlyList<string> languages, Texts t) => section switch
    {
        "texts" =>
        [
            new LocalInput("name", languages), new LocalInput("summary", languages, 3) { Hint = "summary" },
            new TicksInput("languages", [.. FileFaults.Five.Select(l => new Choice(l, Lang.Find(l)!.NativeName))]) { Hint = "languages" },
        ],
        "facts" =>
        [
            new SelectInput("department", Named(organisation.Departments, t)), new SelectInput("category", [.. PackFacts.Categories.Select(c => new Choice(c, t["catalogue.category." + c]))]),
            new SelectInput("place", Levels(t), "ut") { Hint = "place" }, new FlagInput("online", false) { Hint = "online" },
            new TextInput("limit.days") { Group = "limit", Hint = "days", Optional = true }, new SelectInput("limit.convention", [.. Enum.GetNames<Counting>().Select(c => new Choice(c, t["catalogue.service.counting." + c]))]) { Group = "limit", Hint = "convention", Optional = true },
            new FlagInput("limit.confirmed", true) { Group = "limit", Hint = "confirmed" }, new TextInput("limit.source", false) { Group = "limit", Seldom = true }, new TextInput("limit.note", false) { Group = "limit", Seldom = true },
            new SelectInput("law", [.. check.Facts.Laws!.Values.Where(l => l.ReplyWithin is null).Select(l => new Choice(l.Code, l.Title.In(t.Lang)))]) { Group = "limit", Hint = "law", Optional = true },
            new TextInput("fee.rupees") { Group = "fee", Hint = "fee", Optional = true }, new FlagInput("fee.confirmed", true) { Group = "fee", Hint = "confirmed" },
            new TextInput("fee.source", false) { Group = "fee", Seldom = true }, new TextInput("fee.note", false) { Group = "fee", Seldom = true },
            new SelectInput("source.confidence", [.. new[] { "high", "medium", "low" }.Select(c => new Choice(c, t["catalogue.service.confidence." + c]))]) { Group = "source" },
            new TextInput("source.url", false) { Group = "source", Optional = true }, new TextInput("source.note", false, 3) { Group = "source", Optional = true },
            new DayInput("valid_to") { Hint = "valid-to", Optional = true, Seldom = true }, new TextInput("row") { Seldom = true, Optional = true },
        ],
        "officers" => [.. ServiceRoles.Appeals.Prepend(ServiceRoles.Designated).SelectMany(r => Officer($"officers.{r}", r.Replace('_', '-'), optional: true, t))],
        "form" => [new RowsInput("form.checks", Comparison(languages, Asked(root, null, t), t)) { Hint = "checks", Seldom = true }],
        "reasons" => [new RowsInput("reject_reasons", [new LocalInput("text", languages)]) { Hint = "reasons" }],
        "certificate" =>
        [
            new LocalInput("certificate.title", Printed(languages)), new LocalInput("certificate.body", Printed(languages), 5) { Hint = "body" }, new TextInput("certificate.valid_years") { Hint = "valid-years", Optional = true },
        ],
        "keywords" => [.. languages.Append("roman").Select(l => new WordsInput("keywords." + l) { Hint = l is "en" or "roman" ? "keywords-" + l : null })],
        _ => [],
    };

    private static IReadOnlyList<Input> Page(ServiceDocument document, string at, YamlMappingNode node, IReadOnlyList<string> languages, Texts t) =>
    [
        new LocalInput("title", languages) { Hint = "title" }, new LocalInput("intro", languages, 2) { Optional = true },
        new WhenInput(Before(document, at, t)), new RowsInput("checks", Comparison(languages, Asked(document.Root, node, t), t)) { Hint = "checks", Seldom = true }, new TextInput("id") { Hint = "code", Seldom = true },
    ];

    private static IReadOnlyList<Input> Field(ServiceDocument document, string at, YamlMappingNode node, IReadOnlyList<string> languages, Texts t)
    {
        var type = node.Scalar("type");
        var inGroup = at.Split('/').Length > 6;
        Input[] own = type switch
        {
            "text" => [new PatternInput("pattern", [.. KnownPatterns.Select(p => new Choice(p, t["catalogue.design.pattern." + p]))]) { Optional = true }, new TextInput("max") { Hint = "max-text", Optional = true }, new FlagInput("multiline", false), new TextInput("rows") { Seldom = true, Optional = true }],
            "number" => [new TextInput("min") { Optional = true }, new TextInput("max") { Optional = true }, new LocalInput("unit", languages) { Optional = true, Hint = "unit" }],
            "money" => [new TextInput("min") { Optional = true }, new TextInput("max") { Optional = true }],
            "date" => [new TextInput("min") { Hint = "bound", Label = "earliest", Optional = true }, new TextInput("max") { Hint = "bound", Label = "latest", Optional = true }],
            "choice" => [new RowsInput("options", [new LocalInput("label", languages) { Label = "answer" }]) { Hint = "options" }, new FlagInput("many", false)],
            "place" => [new SelectInput("level", Levels(t))],
            "person" => [new TicksInput("parts", [.. PersonParts.Names.Select(p => new Choice(p, t["catalogue.part." + p]))])],
            "document" => [new TextInput("max_mb") { Hint = "max-mb", Optional = true }],
            "group" => [new TextInput("min") { Hint = "rows-min", Optional = true }, new TextInput("max") { Hint = "rows-max", Optional = true }],
            _ => [],
        };
        return
        [
            new SelectInput("type", [.. Types(inGroup).Select(n => new Choice(n, t["catalogue.design.type." + n]))]), new LocalInput("label", languages, 2) { Hint = "label", Label = "question" }, new LocalInput("hint", languages, 2) { Optional = true, Hint = "hint" },
            new FlagInput("required", true), .. own, new WhenInput(Before(document, at, t)), new TextInput("name") { Hint = "name", Label = "code", Seldom = true },
        ];
    }

    private IReadOnlyList<Input> Step(IReadOnlyList<string> languages, Texts t) =>
    [
        new LocalInput("name", languages) { Hint = "step" }, .. Officer("officer", "officer", optional: false, t),
        new TicksInput("actions", [.. PackFacts.Actions.Select(a => new Choice(a, t["catalogue.design.action." + a]))]) { Hint = "actions" },
        new TextInput("within") { Hint = "within", Optional = true }, new TextInput("parallel") { Hint = "parallel", Optional = true, Seldom = true }, new TextInput("code") { Hint = "code", Seldom = true },
    ];

    private Input[] Officer(string key, string group, bool optional, Texts t) =>
    [
        new SelectInput(key + ".designation", Named(organisation.Designations, t)) { Group = group, Optional = optional }, new SelectInput(key + ".level", Levels(t)) { Group = group, Hint = "level", Optional = optional },
        new FlagInput(key + ".confirmed", true) { Group = group, Hint = "confirmed" }, new TextInput(key + ".source", false) { Group = group, Seldom = true },
    ];

    private static Input[] Comparison(IReadOnlyList<string> languages, IReadOnlyList<Choice> fields, Texts t) =>
    [
        new SelectInput("field", fields), new SelectInput("kind", [.. new[] { "before", "after", "not_equal" }.Select(k => new Choice(k, t["catalogue.design.check." + k]))]),
        new SelectInput("other", fields), new LocalInput("text", languages) { Hint = "check-text" },
    ];

    /// <summary>The choices asked before a node: on earlier pages, earlier on its page, and earlier in its group.</summary>
    private static IReadOnlyList<Earlier> Before(ServiceDocument document, string at, Texts t)
    {
        int[] way = [.. at.Split('/').Where(s => char.IsAsciiDigit(s[0])).Select(s => int.Parse(s, CultureInfo.InvariantCulture))];
        var pages = document.Root.Maps("form.pages");
        var before = pages.Take(way[0]).SelectMany(p => p.Maps("fields")).ToList();
        if (way.Length > 1)
        {
            var here = pages.ElementAtOrDefault(way[0])?.Maps("fields") ?? [];
            before.AddRange(here.Take(way[1]));
            if (way.Length > 2) before.AddRange(here.ElementAtOrDefault(way[1])?.Maps("fields").Take(way[2]) ?? []);
        }

        return [.. before.Where(f => f.Scalar("type") == "choice" && f.Scalar("name") is { Length: > 0 }).Select(f => new Earlier(f.Scalar("name")!, Named(f, "label", "field", t), Answers(f, t)))];
    }

    private static IReadOnlyList<Choice> Answers(YamlMappingNode choice, Texts t) =>
        [.. choice.Maps("options").Where(o => o.Scalar("code") is { Length: > 0 }).Select(o => new Choice(o.Scalar("code")!, Named(o, "label", "answer", t)))];

    /// <summary>What is asked up to the end of a page, or of the form.</summary>
    private static IReadOnlyList<Choice> Asked(YamlMappingNode root, YamlMappingNode? until, Texts t)
    {
        var pages = root.Maps("form.pages");
        return [.. pages.Take(until is null ? pages.Count : pages.Index().First(p => ReferenceEquals(p.Item, until)).Index + 1).SelectMany(p => p.Maps("fields")).Where(f => f.Scalar("name") is { Length: > 0 }).Select(f => new Choice(f.Scalar("name")!, Named(f, "label", "field", t)))];
    }

    private static IReadOnlyList<string> Printed(IReadOnlyList<string> languages) => [.. ServiceFile.Printed.Where(languages.Contains)];

    private static IReadOnlyList<Choice> Levels(Texts t) => [.. PackFacts.Levels.Select(l => new Choice(l, t["catalogue.design.level." + l]))];

    private static IReadOnlyList<Choice> Named(IReadOnlyDictionary<string, LocalText> names, Texts t) => [.. names.Select(n => new Choice(n.Key, n.Value.In(t.Lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];
}
