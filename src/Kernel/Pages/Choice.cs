namespace Sahulat.Kernel.Pages;

/// <summary>One answer of radios, checkboxes or a select.</summary>
public sealed record Choice(string Value, string Label, string? Hint = null);
