using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.History;
using Sahulat.Catalogue.Overview;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.List;

/// <summary>A new service: from nothing, from one that exists, or from a file.</summary>
[RequestFormLimits(ValueLengthLimit = 2_000_000)]
internal sealed class NewModel(Drafts drafts, IServiceDirectory directory, StoredVersions versions, CompiledForms forms) : DesignPage
{
    private const int LongestName = 120;

    public string? From { get; private set; }

    public IReadOnlyList<Choice> Services => [.. directory.All(forms.Today()).Select(s => new Choice(s.Code, s.Name.In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal)];

    public void OnGet([FromQuery] string? from) => From = from;

    public async Task<IActionResult> OnPost([FromForm(Name = "do")] string? act, [FromForm] string? name, [FromForm] string? from, [FromForm] string? yaml, IFormFile? file, CancellationToken ct)
    {
        From = from;
        var made = act == "import" ? await YamlModel.Read(yaml, file, ct) : await Made((name ?? "").Trim(), from, ct);
        if (!made.Ok) return Refuse(made.Problem);
        var code = made.Value.Code;
        if (code.Length is 0 or > 60 || !code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return Refuse(Problem.Invalid([new Fault("yaml", "short-code")]));
        var begun = await drafts.Begin(made.Value, null, Hand, ct);
        // A file says its own code; the fault belongs to where the file was given.
        if (!begun.Ok) return Refuse(begun.Problem with { Faults = [.. begun.Problem.Faults.Select(f => f with { Pointer = act == "import" ? "yaml" : "name" })] });
        return Go($"/desk/catalogue/drafts/{begun.Value}");
    }

    private async Task<Result<ServiceDocument>> Made(string name, string? from, CancellationToken ct)
    {
        var check = new Check();
        if (check.That(name.Length > 0, "name", "required")) check.That(name.Length <= LongestName && !name.Any(char.IsControl), "name", "too-long", LongestName);
        check.That(Yaml.Slug(name, '-', "", new HashSet<string>()).Length > 0, "name", "name-latin");
        var source = string.IsNullOrEmpty(from) ? null : directory.Find(from, forms.Today());
        check.That(string.IsNullOrEmpty(from) || source is not null, "from", "not-a-choice");
        if (!check.Ok) return check.ToProblem();
        var document = ServiceDocument.Stored(source is null ? Blank() : (await versions.One(source.Code, source.Version, ct))!.Yaml);
        var taken = directory.All(forms.Today()).Select(s => s.Code).ToHashSet(StringComparer.Ordinal);
        document.Root.Put("code", Yaml.Slug(name, '-', "service", taken), word: true);
        document.Root.Put("valid_from", Today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), word: true);
        document.Root.Put("name", new YamlMappingNode(new YamlScalarNode("en"), Yaml.Node(name, word: false)));
        // What was found out about the other says nothing about this one.
        foreach (var key in new[] { "row", "valid_to", "source" }) document.Root.Put(key, (YamlNode?)null);
        document.Root.Put("source.confidence", "low", word: true);
        return document;
    }

    private static string Blank() => "code: x\nvalid_from: x\nname: x\nsource: x\nplace: ut\nonline: true\nform:\n  pages: []\nworkflow:\n  steps: []\n";
}
