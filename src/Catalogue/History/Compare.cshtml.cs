using Microsoft.AspNetCore.Mvc;
using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Design;
using Sahulat.Catalogue.Draft;
using Sahulat.Kernel;

namespace Sahulat.Catalogue.History;

/// <summary>The difference between any two versions of a service.</summary>
internal sealed class CompareModel(StoredVersions versions, DifferenceWriting writing) : DesignPage
{
    public string Name { get; private set; } = "";

    public StoredVersion From { get; private set; } = null!;

    public StoredVersion To { get; private set; } = null!;

    public IReadOnlyList<ChangeRow> Changes { get; private set; } = [];

    public async Task<IActionResult> OnGet([FromRoute] string code, [FromQuery] int from, [FromQuery] int to, CancellationToken ct)
    {
        if (await versions.One(code, from, ct) is not { } before || await versions.One(code, to, ct) is not { } after) return Refuse(Problem.NotFound);
        (From, To) = (before, after);
        Name = Sheets.Named(ServiceDocument.Stored(after.Yaml).Root, "name", "service", T);
        Changes = writing.Rows(Difference.Between(before.Yaml, after.Yaml), T);
        return Page();
    }
}
