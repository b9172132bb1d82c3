using System.Collections.Frozen;
using Sahulat.Catalogue.Load;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Catalogue.Draft;

/// <summary>What the reading of files says of a fault, as a sentence for somebody who never saw the file.</summary>
internal static class Sentences
{
    private const string Gap = "{0}: missing in {1}";

    /// <summary>By the sentence with its gaps; the code's text takes the arguments that it names here, in that order.</summary>
    private static readonly FrozenDictionary<string, (string Code, int[] Args)> Known = new Dictionary<string, (string, int[])>
    {
        ["'{0}' is missing"] = ("still-empty", []),
        ["{0}: a text belongs here"] = ("still-empty", []),
        ["{0}.{1}: a text belongs here"] = ("still-empty", []),
        ["{0}: '{1}' is not one of {2}"] = ("not-a-choice", []),
        ["law '{0}' is not among the laws of this pack"] = ("not-a-choice", []),
        ["department '{0}' is not in departments.csv"] = ("not-a-choice", []),
        ["designation '{0}' is not in designations.csv"] = ("not-a-choice", []),
        ["{0}: '{1}' is not a number"] = ("not-a-number", []),
        ["{0}: a whole number of {1} or more belongs here"] = ("whole-number", [1]),
        ["{0}: at most {1}"] = ("too-big", [1]),
        ["{0}: '{1}' is not a date like 2026-01-31"] = ("not-a-date", []),
        ["valid_to lies before valid_from"] = ("ends-before", []),
        ["unknown key '{0}'"] = ("unknown-part", [0]),
        ["languages: en must be among them"] = ("english-needed", []),
        ["a service that is online needs a form"] = ("online-form", []),
        ["a service that is online needs a workflow"] = ("online-steps", []),
        ["a form needs at least one page"] = ("form-empty", []),
        ["a workflow needs at least one step"] = ("steps-empty", []),
        ["page '{0}' has no fields"] = ("page-empty", []),
        ["group '{0}' has no fields"] = ("page-empty", []),
        ["page '{0}' is there twice"] = ("twice", [0]),
        ["field '{0}' is there twice"] = ("twice", [0]),
        ["option '{0}' is there twice"] = ("twice", [0]),
        ["reason '{0}' is there twice"] = ("twice", [0]),
        ["step '{0}' is there twice"] = ("twice", [0]),
        ["step '{0}' has no officer"] = ("step-officer", []),
        ["step '{0}' has no actions"] = ("step-actions", []),
        ["steps of the parallel group '{0}' must follow each other"] = ("step-parallel", []),
        ["the last step must stand alone, and approve or reject"] = ("step-last", []),
        ["certificate: {{0}} names no field of the form"] = ("certificate-name", [0]),
        ["url: '{0}' is not an address"] = ("not-an-address", []),
        ["name: '{0}' must start with a letter and hold lower-case letters, digits and _ only"] = ("short-name", []),
        ["{0}: '{1}' may hold lower-case letters, digits and hyphens only"] = ("short-code", []),
        ["a {0} cannot stand in a group"] = ("not-in-group", []),
        ["pattern: '{0}' is neither a known pattern nor a usable expression"] = ("bad-pattern", []),
        ["min {0} is more than max {1}"] = ("min-over-max", [0, 1]),
        ["min {0} lies after max {1}"] = ("min-over-max", [0, 1]),
        ["{0}: '{1}' is not a date like 2026-01-31, today, today-18y or today+30d"] = ("bad-bound", []),
        ["choice '{0}' needs at least two options"] = ("two-options", []),
        ["person '{0}' has no parts"] = ("person-parts", []),
        ["check: there is no field '{0}' here or before"] = ("check-field", [0]),
        ["check: '{0}' is not a date"] = ("check-date", [0]),
        ["when: there is no field '{0}' before this one"] = ("when-field", [0]),
        ["when: '{0}' cannot depend on itself"] = ("when-field", [0]),
        ["when: '{0}' is not a choice"] = ("when-field", [0]),
        ["when: '{0}' has no option '{1}'"] = ("when-option", [0, 1]),
        ["when: this condition contradicts another, the field would never be asked"] = ("when-never", []),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static DraftFault Say(PackFault fault, string path)
    {
        var format = fault.Format ?? fault.Text;
        if (format == Gap)
        {
            var names = fault.Args[1].Split(", ").Select(l => Lang.Find(l)?.NativeName ?? l);
            return new DraftFault(path, new Fault(path, "missing-in", string.Join(", ", names)), Gap: true);
        }

        // A key that is not there has no place of its own: it belongs to the mapping that misses it.
        var key = format == "'{0}' is missing" ? fault.Args[0] : format.EndsWith("' is missing", StringComparison.Ordinal) && format.StartsWith('\'') ? format[1..^"' is missing".Length] : null;
        if (key is not null) return new DraftFault($"{path}/{key}".TrimStart('/'), new Fault("", "still-empty"), Gap: false);
        return Known.TryGetValue(format, out var known)
            ? new DraftFault(path, new Fault(path, known.Code, [.. known.Args.Select(i => (object?)fault.Args[i])]), Gap: false)
            : new DraftFault(path, new Fault(path, "said-in-english", fault.Text), Gap: false);
    }
}
