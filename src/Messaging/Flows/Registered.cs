using System.Text.RegularExpressions;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Flows;

/// <summary>SMS texts of conversations as they are registered with the operators (TRAI DLT): <c>flows/dlt.yaml</c>. A reply is matched by what it says, as the operators' scrubbers do it, so that one registration serves every flow that says the same.</summary>
/// <param name="Flows">Flows that are spoken by SMS: each of their texts must be registered in each of <paramref name="Langs"/>.</param>
/// <param name="Templates">Registered text by template id.</param>
internal sealed partial record Registered(string Entity, string Header, IReadOnlyList<string> Flows, IReadOnlyList<Lang> Langs, IReadOnlyDictionary<string, string> Templates)
{
    public static readonly Registered None = new("", "", [], [], new Dictionary<string, string>());

    public bool Any => Templates.Count > 0;

    /// <returns>The id of the template that the text is of; null when it is of none.</returns>
    public string? Match(string text)
    {
        foreach (var (id, registered) in Templates)
        {
            // The fixed beginning tells nearly all of them apart.
            var open = registered.IndexOf("{#", StringComparison.Ordinal);
            if (text.AsSpan().StartsWith(open < 0 ? registered : registered.AsSpan(0, open), StringComparison.Ordinal) && Dlt.Compare(registered, text) is null) return id;
        }

        return null;
    }

    /// <summary>Whether there are words beside the variables.</summary>
    public static bool Fixed(string registered) => Variable().Replace(registered, "").Any(char.IsLetter);

    /// <summary>A text of a flow as it would be registered.</summary>
    public static string Form(string text) => Place().Replace(text, Dlt.Tag("var"));

    [GeneratedRegex(@"\{#[a-z]+#\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{[a-z0-9_]+\}")]
    private static partial Regex Place();
}
