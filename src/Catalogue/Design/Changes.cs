using System.Globalization;
using Sahulat.Catalogue.Draft;
using Sahulat.Contracts.Catalogue;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Design;

/// <summary>What the buttons of a screen do to the tree: add, move, take out; and the codes that nobody needs to invent.</summary>
internal static class Changes
{
    private const int MostItems = 200;

    /// <param name="list">Dotted key of the list, from the sheet's node.</param>
    /// <param name="type">Of a question that is added.</param>
    /// <returns>The number of the new item; null where the list takes no more, or there is no such list or type.</returns>
    public static int? Add(Sheet sheet, string list, string? type)
    {
        if (!Lists(sheet).Contains(list)) return null;
        var items = sheet.Node.List(list);
        if (items.Children.Count >= MostItems) return null;
        var made = new YamlMappingNode();
        switch (list)
        {
            case "form.pages":
                made.Put("id", Free(items, "id", "page-"), word: true);
                made.Put("fields", new YamlSequenceNode());
                break;
            case "fields":
                if (!Enum.GetNames<FieldType>().Any(n => n.ToLowerInvariant() == type)) return null;
                made.Put("name", Free(items, "name", "question_"), word: true);
                made.Put("type", type, word: true);
                if (type == "choice") made.Put("options", new YamlSequenceNode(new YamlMappingNode(), new YamlMappingNode()));
                break;
            case "workflow.steps":
                made.Put("code", Free(items, "code", "step-"), word: true);
                break;
        }

        items.Add(made);
        return items.Children.Count - 1;
    }

    /// <returns>False where there is nothing to move, or nowhere to.</returns>
    public static bool Move(Sheet sheet, string list, int index, int by)
    {
        if (!Lists(sheet).Contains(list) || sheet.Node.Find(list) is not YamlSequenceNode items) return false;
        var to = index + by;
        if (index < 0 || index >= items.Children.Count || to < 0 || to >= items.Children.Count) return false;
        (items.Children[index], items.Children[to]) = (items.Children[to], items.Children[index]);
        return true;
    }

    public static bool Remove(Sheet sheet, string list, int index)
    {
        if (!Lists(sheet).Contains(list) || sheet.Node.Find(list) is not YamlSequenceNode items || index < 0 || index >= items.Children.Count) return false;
        items.Children.RemoveAt(index);
        if (items.Children.Count == 0 && list is not ("fields" or "form.pages" or "workflow.steps")) sheet.Node.Put(list, (YamlNode?)null);
        return true;
    }

    /// <summary>After the inputs were written: a name made by the program becomes one that says something, keys of another type of question go,
    /// and a question's new short name is followed wherever it is named.</summary>
    /// <param name="tidy">Rows left wholly empty go; not while another is added.</param>
    public static void Settle(ServiceDocument document, Sheet sheet, string? nameBefore, string? typeBefore, bool tidy)
    {
        var node = sheet.Node;
        switch (sheet.Kind)
        {
            case "page":
                Rename(node, "id", "page-", '-', node.Scalar("title.en"), Siblings(document, sheet));
                break;
            case "step":
                Rename(node, "code", "step-", '-', node.Scalar("name.en"), Siblings(document, sheet));
                break;
            case "field":
                Rename(node, "name", "question_", '_', node.Scalar("label.en"), AllFields(document).Where(f => f != node));
                if (typeBefore != node.Scalar("type")) Retype(node);
                if (nameBefore is { Length: > 0 } before && node.Scalar("name") is { Length: > 0 } now && now != before) Follow(document, before, now);
                break;
        }

        foreach (var rows in sheet.Inputs.OfType<RowsInput>())
        {
            if (node.Find(rows.Name) is not YamlSequenceNode list) continue;
            if (tidy) Tidy(list);
            if (list.Children.Count == 0) node.Put(rows.Name, (YamlNode?)null);
            Code(rows.Name, list);
        }
    }

    private static void Tidy(YamlSequenceNode list)
    {
        for (var i = list.Children.Count - 1; i >= 0; i--)
        {
            if (list.Children[i] is YamlMappingNode row && row.Children.Keys.All(k => k.ToString() == "code")) list.Children.RemoveAt(i);
        }
    }

    /// <summary>Codes for new answers and grounds.</summary>
    private static void Code(string name, YamlSequenceNode list)
    {
        if (name is not ("options" or "reject_reasons")) return;
        foreach (var row in list.OfType<YamlMappingNode>().Where(r => string.IsNullOrEmpty(r.Scalar("code"))))
        {
            var taken = list.OfType<YamlMappingNode>().Select(r => r.Scalar("code") ?? "").ToHashSet(StringComparer.Ordinal);
            var code = Yaml.Slug(row.Scalar(name == "options" ? "label.en" : "text.en"), '-', name == "options" ? "answer" : "reason", taken);
            row.Children.Insert(0, new YamlScalarNode("code"), Yaml.Node(code, word: true));
        }
    }

    private static void Rename(YamlMappingNode node, string key, string made, char join, string? english, IEnumerable<YamlMappingNode> others)
    {
        var now = node.Scalar(key) ?? "";
        var byProgram = now.Length == 0 || now.StartsWith(made, StringComparison.Ordinal) && now[made.Length..].All(char.IsAsciiDigit);
        if (byProgram && !string.IsNullOrEmpty(english)) node.Put(key, Yaml.Slug(english, join, now.Length == 0 ? made + "1" : now, others.Select(o => o.Scalar(key) ?? "").ToHashSet(StringComparer.Ordinal)), word: true);
    }

    private static void Retype(YamlMappingNode field)
    {
        string[] own = field.Scalar("type") switch
        {
            "text" => ["max", "multiline", "rows", "pattern"],
            "number" => ["min", "max", "unit"],
            "money" or "date" => ["min", "max"],
            "choice" => ["options", "many"],
            "place" => ["level"],
            "person" => ["parts"],
            "document" => ["max_mb"],
            "group" => ["min", "max", "fields"],
            _ => [],
        };
        // Numbers of one kind mean something else in another.
        foreach (var key in field.Children.Keys.Select(k => k.ToString()).Where(k => k is "min" or "max" || k is not ("name" or "type" or "label" or "hint" or "required" or "when") && !own.Contains(k)).ToArray()) field.Put(key, (YamlNode?)null);
        if (field.Scalar("type") == "choice" && field.Child("options") is null) field.Put("options", new YamlSequenceNode(new YamlMappingNode(), new YamlMappingNode()));
        if (field.Scalar("type") == "group" && field.Child("fields") is null) field.Put("fields", new YamlSequenceNode());
    }

    private static void Follow(ServiceDocument document, string before, string now)
    {
        foreach (var when in document.Root.Maps("form.pages").Concat(AllFields(document)).Select(n => n.Child("when")).OfType<YamlMappingNode>().Where(w => w.Scalar("field") == before)) when.Put("field", now, word: true);
        foreach (var check in document.Root.Maps("form.checks").Concat(document.Root.Maps("form.pages").SelectMany(p => p.Maps("checks"))))
        {
            foreach (var key in new[] { "field", "other" }.Where(k => check.Scalar(k) == before)) check.Put(key, now, word: true);
        }

        if (document.Root.Find("certificate.body") is not YamlMappingNode body) return;
        foreach (var lang in body.Children.Keys.Select(k => k.ToString()).ToArray()) body.Put(lang, body.Scalar(lang)?.Replace($"{{{before}}}", $"{{{now}}}", StringComparison.Ordinal));
    }

    private static IEnumerable<YamlMappingNode> AllFields(ServiceDocument document) =>
        document.Root.Maps("form.pages").SelectMany(p => p.Maps("fields")).SelectMany(f => f.Maps("fields").Prepend(f));

    private static IEnumerable<YamlMappingNode> Siblings(ServiceDocument document, Sheet sheet) =>
        document.At(sheet.Path[..sheet.Path.LastIndexOf('/')]) is YamlSequenceNode list ? list.OfType<YamlMappingNode>().Where(n => n != sheet.Node) : [];

    private static IEnumerable<string> Lists(Sheet sheet) => sheet.Inputs.OfType<RowsInput>().Select(r => r.Name).Append(sheet.Children).OfType<string>();

    private static string Free(YamlSequenceNode items, string key, string start)
    {
        var taken = items.OfType<YamlMappingNode>().Select(i => i.Scalar(key)).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, MostItems + 1).Select(i => start + i.ToString(CultureInfo.InvariantCulture)).First(n => !taken.Contains(n));
    }
}
