using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sahulat.Access.Scim;

/// <summary>Reads a filter: <c>not</c> binds closest, then <c>and</c>, then <c>or</c>. What it cannot read is refused with the place where it stopped.</summary>
internal sealed class FilterReader
{
    private const int Longest = 4000, Deepest = 30;

    private static readonly string[] Operators = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

    private readonly string text;
    private int at;
    private int depth;

    private FilterReader(string text) => this.text = text;

    public static ScimFilter Read(string text)
    {
        if (text.Length > Longest) throw ScimRefusal.Filter($"The filter is longer than {Longest} characters");
        var reader = new FilterReader(text);
        var filter = reader.Or();
        reader.Blank();
        return reader.at == text.Length ? filter : throw reader.Wrong("end of the filter");
    }

    /// <summary>The path of a patch: an attribute, perhaps with a filter on its values, perhaps with a part of them.</summary>
    public static (ScimPath Path, ScimFilter? Values, string? Sub) ReadTarget(string text)
    {
        if (text.Length > Longest) throw ScimRefusal.Path("The path is too long");
        var reader = new FilterReader(text);
        try
        {
            var path = reader.Path();
            if (reader.at == text.Length) return (path with { Sub = null }, null, path.Sub);
            var inner = path.Sub is null && reader.Takes('[') ? reader.Inner() : throw reader.Wrong("[");
            if (reader.at == text.Length) return (path, inner, null);
            if (!reader.Takes('.')) throw reader.Wrong(".");
            var sub = reader.Word();
            return reader.at == text.Length && ScimPath.Parse(sub) is { Urn: null, Sub: null } ? (path, inner, sub) : throw reader.Wrong("a name");
        }
        catch (ScimRefusal refusal) when (refusal.Type == "invalidFilter")
        {
            throw ScimRefusal.Path(refusal.Message);
        }
    }

    private ScimFilter Or()
    {
        if (++depth > Deepest) throw ScimRefusal.Filter("The filter is nested too deeply");
        var left = And();
        while (Keyword("or")) left = new OrFilter(left, And());
        depth--;
        return left;
    }

    private ScimFilter And()
    {
        var left = One();
        while (Keyword("and")) left = new AndFilter(left, One());
        return left;
    }

    private ScimFilter One()
    {
        Blank();
        if (Takes('(')) return Closed();
        var before = at;
        if (Keyword("not"))
        {
            Blank();
            if (Takes('(')) return new NotFilter(Closed());
            at = before;
        }

        Blank();
        var path = Path();
        if (path.Sub is null && Takes('[')) return new ValueFilter(path, Inner());
        Blank();
        var word = Word().ToLowerInvariant();
        if (word == "pr") return new PresentFilter(path);
        if (!Operators.Contains(word)) throw Wrong("an operator");
        Blank();
        var value = Value();
        if (word is not ("eq" or "ne") && (value is null || value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)) throw ScimRefusal.Filter($"{word} does not compare a boolean or null");
        if (word is "co" or "sw" or "ew" && value!.GetValueKind() != JsonValueKind.String) throw ScimRefusal.Filter($"{word} compares strings only");
        return new CompareFilter(path, word, value);
    }

    private ScimFilter Closed()
    {
        var inner = Or();
        Blank();
        return Takes(')') ? inner : throw Wrong(")");
    }

    private ScimFilter Inner()
    {
        var inner = Or();
        Blank();
        return Takes(']') ? inner : throw Wrong("]");
    }

    private ScimPath Path()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_' or '$' or ':' or '.')) at++;
        return ScimPath.Parse(text[start..at]) ?? throw Wrong("an attribute");
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_' or '$')) at++;
        return text[start..at];
    }

    private JsonValue? Value()
    {
        var start = at;
        if (at < text.Length && text[at] == '"')
        {
            for (at++; at < text.Length && text[at] != '"'; at++)
                if (text[at] == '\\') at++;
            if (at++ >= text.Length) throw Wrong("a closing quotation mark");
        }
        else
        {
            while (at < text.Length && text[at] is not (' ' or ')' or ']')) at++;
        }

        try
        {
            return JsonNode.Parse(text[start..at]) switch { null => null, JsonValue value => value, _ => throw Wrong("a value") };
        }
        catch (JsonException)
        {
            throw Wrong("a value: a string in quotation marks, a number, true, false or null");
        }
    }

    /// <summary>A keyword that stands alone: what follows it is a blank or a bracket.</summary>
    private bool Keyword(string word)
    {
        var before = at;
        Blank();
        if (text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase) && at + word.Length < text.Length && text[at + word.Length] is ' ' or '(')
        {
            at += word.Length;
            return true;
        }

        at = before;
        return false;
    }

    private bool Takes(char c)
    {
        if (at >= text.Length || text[at] != c) return false;
        at++;
        return true;
    }

    private void Blank()
    {
        while (at < text.Length && text[at] == ' ') at++;
    }

    private ScimRefusal Wrong(string wanted) => ScimRefusal.Filter($"Expected {wanted} at character {at + 1}");
}
