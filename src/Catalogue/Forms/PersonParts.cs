using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Forms;

/// <summary>The parts of a person as fields of their own, labelled in every language.</summary>
internal sealed class PersonParts(TextCatalogue texts)
{
    public static readonly IReadOnlyList<string> Names = ["name", "father_name", "mother_name", "born_on", "gender", "relation"];

    private static readonly string[] Genders = ["female", "male", "other"];

    public IReadOnlyList<FormField> Of(FormField person) => [.. person.Parts.Select(p => Part(p) with { Required = true })];

    private FormField Part(string name) => name switch
    {
        "born_on" => new FormField(name, FieldType.Date, Label(name)) { Earliest = "1900-01-01", Latest = "today" },
        "gender" => new FormField(name, FieldType.Choice, Label(name)) { Options = [.. Genders.Select(g => new FieldOption(g, Label(g)))] },
        _ => new FormField(name, FieldType.Text, Label(name)) { Max = 100 },
    };

    private LocalText Label(string part)
    {
        var label = new LocalText();
        foreach (var lang in Lang.All) label[lang.Code] = texts.Find(lang, "catalogue.part." + part) ?? "";
        return label;
    }
}
