using System.Globalization;
using Microsoft.Extensions.Primitives;
using Sahulat.Catalogue.Design;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Edit;

/// <summary>Inputs as the view draws them, with what they show.</summary>
internal sealed record InputsView(IReadOnlyList<Input> Inputs, IDictionary<string, StringValues> Values, string Prefix = "")
{
    public DateOnly? Day(string name) =>
        DateOnly.TryParseExact($"{Values[name + ".year"]}-{Values[name + ".month"]}-{Values[name + ".day"]}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public string Label(Input input, Texts t) => Lang.Find(input.Label)?.NativeName ?? t["catalogue.field." + input.Label];

    public string? Hint(Input input, Texts t) => input.Hint is null ? null : t["catalogue.design.hint." + input.Hint];
}

/// <summary>An input that takes the whole width: languages side by side, conditions, rows.</summary>
internal sealed record WideView(InputsView Of, Input Input, string Name)
{
    public int Rows => Enumerable.Range(0, 1_000).First(i => !Of.Values.Keys.Any(k => k.StartsWith($"{Name}.{i}.", StringComparison.Ordinal)));
}
