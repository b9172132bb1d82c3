namespace Sahulat.Kernel.Language;

/// <summary>The texts of one request's language.</summary>
public sealed class Texts
{
    public Lang Lang { get; set; } = Lang.En;
}
