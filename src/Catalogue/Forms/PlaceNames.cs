using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Forms;

/// <summary>What forms and pages need of places.</summary>
internal sealed class PlaceNames
{
    /// <summary>Whether a place of this kind has this code.</summary>
    public bool Knows(string kind, string code) => code.StartsWith(kind + "-", StringComparison.Ordinal) && code.Length > kind.Length + 1;

    public string Name(string code, Lang lang) => code;

    public IReadOnlyList<(string Code, string Name)> All(string kind, Lang lang) => [];
}
