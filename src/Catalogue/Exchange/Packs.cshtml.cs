using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sahulat.Catalogue.Incoming;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Exchange;

/// <summary>Packs of laws and services: those that came, those to give away, and whose signature is trusted.</summary>
[Authorize(Policy = Policies.Admin), RequestSizeLimit(PackFile.MaxBytes + 65_536), RequestFormLimits(MultipartBodyLengthLimit = PackFile.MaxBytes + 65_536)]
internal sealed class PacksModel(IncomingPacks incoming, IServiceDirectory services, Versions.ServiceDirectory directory, PackIdentity identity, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    public IReadOnlyList<IncomingRow> Received { get; private set; } = [];

    public IReadOnlyList<TrustedKey> Keys { get; private set; } = [];

    public string Fingerprint => identity.Fingerprint;

    public IEnumerable<Choice> Laws => directory.Current.Laws(Ist.Today(time)).Select(l => new Choice(l.Code, l.Title.In(Lang)));

    public IEnumerable<Choice> Services => services.All(Ist.Today(time)).Select(s => new Choice(s.Code, s.Name.In(Lang))).OrderBy(c => c.Label, StringComparer.Ordinal);

    public async Task OnGet(CancellationToken ct) => (Received, Keys) = (await incoming.List(ct), await incoming.Trusted(ct));

    public async Task<IActionResult> OnPost([FromForm] string? what, [FromForm] string? name, [FromForm] string? fingerprint, IFormFile? file, CancellationToken ct)
    {
        var me = ((OfficialCaller)HttpContext.Caller()).AsAdministrator(organisation, Ist.Today(time));
        Problem? problem;
        switch (what)
        {
            case "receive":
                if (file is null or { Length: 0 })
                {
                    problem = Problem.Invalid([new Fault("file", "required")]);
                    break;
                }

                if (file.Length > PackFile.MaxBytes)
                {
                    problem = PackProblems.TooLarge;
                    break;
                }

                using (var content = new MemoryStream((int)file.Length))
                {
                    await file.CopyToAsync(content, ct);
                    var received = await incoming.Receive(content.ToArray(), me, ((OfficialCaller)HttpContext.Caller()).Id, ct);
                    if (received.Ok) return Go($"/desk/packs/{received.Value:N}");
                    problem = received.Problem;
                }

                break;
            case "trust":
                problem = (await incoming.Trust(fingerprint, name, me, ct)).Problem;
                break;
            case "distrust":
                problem = (await incoming.Distrust(fingerprint ?? "", me, ct)).Problem;
                break;
            default:
                problem = Problem.NotFound;
                break;
        }

        if (problem is null) return Go("/desk/packs");
        await OnGet(ct);
        return Refuse(problem);
    }
}

/// <summary>The signed file of what is in force.</summary>
internal static class PackDownload
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/{lang}/desk/packs/export", Get).RequireAuthorization(Policies.Admin);

    private static async Task<IResult> Get(HttpContext http, PackExchange packs, IOrganisation organisation, TimeProvider time, Texts t, string[]? code, string[]? service, CancellationToken ct)
    {
        var by = ((OfficialCaller)http.Caller()).AsAdministrator(organisation, Ist.Today(time)).Token.Split('/')[0];
        var made = await packs.Export([.. (code ?? []).Concat(service ?? []).Distinct()], by, ct);
        if (!made.Ok) return Results.Text(t.Problem(made.Problem), "text/plain", System.Text.Encoding.UTF8, made.Problem.Status);
        var name = string.Create(CultureInfo.InvariantCulture, $"sahulat-{Ist.Today(time):yyyy-MM-dd}{PackFile.Extension}");
        return Results.File(made.Value, "application/octet-stream", name);
    }
}
