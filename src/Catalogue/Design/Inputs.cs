using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sahulat.Catalogue.Draft;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Design;

/// <summary>One thing that the screen asks about a part of a service. <paramref name="Name"/> is its dotted key in the YAML of that part, and the name of the form's field.
/// What is posted as it was shown changes nothing in the tree.</summary>
internal abstract record Input(string Name)
{
    /// <summary>Of the text <c>catalogue.field.{Label}</c>, by which differences name it too.</summary>
    public string Label { get; init; } = Name[(Name.LastIndexOf('.') + 1)..].Replace('_', '-');

    /// <summary>Of the text <c>catalogue.design.hint.{Hint}</c>.</summary>
    public string? Hint { get; init; }

    /// <summary>Inputs of one group stand together under <c>catalogue.field.{Group}</c>.</summary>
    public string? Group { get; init; }

    public bool Optional { get; init; }

    /// <summary>Folded away: made by the program, or needed seldom.</summary>
    public bool Seldom { get; init; }

    public abstract void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown);

    public abstract void Write(YamlMappingNode node, string prefix, IFormCollection posted);

    protected static string Clean(StringValues posted) => string.Concat(posted.ToString().ReplaceLineEndings("\n").Trim().Where(c => c == '\n' || !char.IsControl(c)));

    /// <summary>Whether the text typed is the one that is there, seen through an input that trims and may join lines.</summary>
    protected static bool Same(string? there, string typed) => (there ?? "").ReplaceLineEndings("\n").Trim() is var now && (now == typed || now.Replace("\n", "", StringComparison.Ordinal) == typed);
}

/// <param name="Word">A code, number or bound, which stands bare in the YAML.</param>
internal sealed record TextInput(string Name, bool Word = true, int Lines = 1) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown) => shown[prefix + Name] = node.Scalar(Name) ?? "";

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        if (posted.TryGetValue(prefix + Name, out var typed) && Clean(typed) is var text && !Same(node.Scalar(Name), text)) node.Put(Name, text, Word);
    }
}

/// <summary>A text in each language of the service, side by side.</summary>
internal sealed record LocalInput(string Name, IReadOnlyList<string> Languages, int Lines = 1) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown)
    {
        // A unit may be one word for all languages.
        var plain = node.Scalar(Name);
        foreach (var lang in Languages) shown[$"{prefix}{Name}.{lang}"] = (lang == "en" ? plain : null) ?? node.Scalar($"{Name}.{lang}") ?? "";
    }

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        var plain = node.Scalar(Name);
        foreach (var lang in Languages)
        {
            if (!posted.TryGetValue($"{prefix}{Name}.{lang}", out var typed)) continue;
            var text = Clean(typed);
            if (Same(lang == "en" ? plain ?? node.Scalar($"{Name}.{lang}") : node.Scalar($"{Name}.{lang}"), text)) continue;
            if (plain is not null && lang != "en") node.Put(Name, new YamlMappingNode(new YamlScalarNode("en"), Yaml.Node(plain, word: false)));
            var before = node.Find(Name);
            node.Put($"{Name}.{lang}", text);
            if (before is not YamlMappingNode && node.Find(Name) is YamlMappingNode made) made.Style = YamlDotNet.Core.Events.MappingStyle.Flow;
        }
    }
}

/// <param name="Otherwise">What holds where the key is left out.</param>
internal sealed record SelectInput(string Name, IReadOnlyList<Choice> Choices, string? Otherwise = null) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown) => shown[prefix + Name] = node.Scalar(Name) ?? Otherwise ?? "";

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        if (!posted.TryGetValue(prefix + Name, out var chosen)) return;
        var code = Clean(chosen);
        if (node.Scalar(Name) is null && code == (Otherwise ?? "")) return;
        node.Put(Name, code, word: true);
    }
}

/// <summary>One of the patterns that have a name, or an expression of one's own.</summary>
internal sealed record PatternInput(string Name, IReadOnlyList<Choice> Choices) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown)
    {
        var there = node.Scalar(Name) ?? "";
        var known = Choices.Any(c => c.Value == there);
        (shown[prefix + Name], shown[$"{prefix}{Name}-own"]) = (known ? there : "", known ? "" : there);
    }

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        var own = Clean(posted[$"{prefix}{Name}-own"]);
        node.Put(Name, own.Length > 0 ? own : Clean(posted[prefix + Name]), word: own.Length == 0);
    }
}

internal sealed record FlagInput(string Name, bool Otherwise) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown) => shown[prefix + Name] = Now(node) ? "true" : "";

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        var ticked = posted[prefix + Name].Contains("true");
        if (ticked != Now(node)) node.Put(Name, ticked == Otherwise ? null : ticked ? "true" : "false", word: true);
    }

    private bool Now(YamlMappingNode node) => node.Scalar(Name) switch { "true" => true, "false" => false, _ => Otherwise };
}

internal sealed record TicksInput(string Name, IReadOnlyList<Choice> Choices) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown) => shown[prefix + Name] = node.Words(Name).ToArray();

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        var ticked = posted[prefix + Name].OfType<string>().Where(c => c.Length > 0).ToHashSet(StringComparer.Ordinal);
        var there = node.Words(Name);
        if (ticked.SetEquals(there)) return;
        WordsInput.Put(node, Name, [.. there.Where(ticked.Contains), .. Choices.Select(c => c.Value).Where(c => ticked.Contains(c) && !there.Contains(c))], word: true);
    }
}

/// <summary>Words, one a line.</summary>
internal sealed record WordsInput(string Name) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown) => shown[prefix + Name] = string.Join('\n', node.Words(Name));

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        if (!posted.TryGetValue(prefix + Name, out var typed)) return;
        string[] words = [.. Clean(typed).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (!words.SequenceEqual(node.Words(Name).Select(w => w.Trim()))) Put(node, Name, words, word: false);
    }

    public static void Put(YamlMappingNode node, string name, IReadOnlyList<string> words, bool word) =>
        node.Put(name, words.Count == 0 ? null : new YamlSequenceNode(words.Select(w => Yaml.Node(w, word))) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow });
}

internal sealed record DayInput(string Name) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown)
    {
        var parts = (node.Scalar(Name) ?? "").Split('-');
        foreach (var (part, i) in new[] { ("year", 0), ("month", 1), ("day", 2) }) shown[$"{prefix}{Name}.{part}"] = parts.Length == 3 ? parts[i] : "";
    }

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted) => node.Put(Name, DateBoxes.Read(posted, prefix + Name).Text, word: true);
}

/// <summary>A choice that is asked before, with its answers.</summary>
internal sealed record Earlier(string Field, string Label, IReadOnlyList<Choice> Answers);

/// <summary>The answers to one earlier question that make this one asked.</summary>
internal sealed record WhenInput(IReadOnlyList<Earlier> Questions) : Input("when")
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown) => shown[prefix + Name] = Ticked(node);

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        var ticked = posted[prefix + Name].OfType<string>().Where(c => c.Contains('=', StringComparison.Ordinal)).ToArray();
        if (ticked.ToHashSet(StringComparer.Ordinal).SetEquals(Ticked(node))) return;
        if (ticked.Length == 0)
        {
            node.Put(Name, (YamlNode?)null);
            return;
        }

        // Ticks under two questions are kept as they are, and refused by the check: which one was meant is not guessed.
        var fields = ticked.Select(t => t.Split('=', 2)).GroupBy(t => t[0], t => t[1], StringComparer.Ordinal).ToArray();
        var when = new YamlMappingNode { Style = YamlDotNet.Core.Events.MappingStyle.Flow };
        when.Put("field", string.Join('+', fields.Select(f => f.Key)), word: true);
        string[] codes = [.. fields.SelectMany(f => f)];
        if (codes.Length == 1) when.Put("is", codes[0], word: true);
        else WordsInput.Put(when, "in", codes, word: true);
        node.Put(Name, when);
    }

    private string[] Ticked(YamlMappingNode node)
    {
        if (node.Child(Name) is not YamlMappingNode when || when.Scalar("field") is not { } field) return [];
        var codes = when.Scalar("not") is { } not
            ? Questions.FirstOrDefault(q => q.Field == field)?.Answers.Select(a => a.Value).Where(c => c != not) ?? []
            : when.Scalar("is") is { } one ? [one] : when.Words("in");
        return [.. codes.Select(c => $"{field}={c}")];
    }
}

/// <summary>Short parts of a list, all on one screen: answers of a choice, grounds of refusal, comparisons.</summary>
internal sealed record RowsInput(string Name, IReadOnlyList<Input> Row) : Input(Name)
{
    public override void Show(YamlMappingNode node, string prefix, IDictionary<string, StringValues> shown)
    {
        var rows = node.Maps(Name);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var input in Row) input.Show(rows[i], $"{prefix}{Name}.{i}.", shown);
        }
    }

    public override void Write(YamlMappingNode node, string prefix, IFormCollection posted)
    {
        var rows = node.Maps(Name);
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var input in Row) input.Write(rows[i], $"{prefix}{Name}.{i}.", posted);
        }
    }
}
