using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.History;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Overview;

/// <summary>A draft or a version as a file, ready for the <c>services</c> folder of a pack.</summary>
internal static class YamlOut
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var desk = app.MapGroup("/{lang}/desk/catalogue").RequireAuthorization(Policies.Admin);
        desk.MapGet("drafts/{id:guid}.yaml", async (HttpContext http, Guid id, Drafts drafts, CancellationToken ct) =>
            await drafts.Find(id, ct) is { } draft ? File(draft.Yaml, draft.Code) : Problem.NotFound.ToResult(http));
        desk.MapGet("services/{code}/{version:int}.yaml", async (HttpContext http, string code, int version, StoredVersions versions, CancellationToken ct) =>
            await versions.One(code, version, ct) is { } stored ? File(stored.Yaml, $"{stored.Code}-{stored.Version}") : Problem.NotFound.ToResult(http));
    }

    private static IResult File(string yaml, string name) => Results.File(Encoding.UTF8.GetBytes(yaml), "application/yaml; charset=utf-8", name + ".yaml");
}
