using Microsoft.AspNetCore.Mvc;
using QRCoder;
using Sahulat.Cases.Hear;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Track;

/// <summary>How a request stands, by reference and mobile number, without sign-in. A wrong reference and a wrong number get the same answer.</summary>
internal sealed class TrackModel(Database database, CaseView view, ICitizens citizens, IServiceDirectory services, IOrganisation organisation, ProceedingsOf proceedings, Recover.Claims claims, Attempts attempts) : SahulatPage
{
    private const int PerHour = 20;

    public CaseStore.Row? Found { get; private set; }

    public IReadOnlyList<CaseStore.Row> Appeals { get; private set; } = [];

    /// <summary>Without what people wrote: who tracks has shown a number, not who he is.</summary>
    public ProceedingsShown Done { get; private set; } = null!;

    public string? Asked { get; private set; }

    public string ServiceName => services.FindVersion(Found!.Service, Found.ServiceVersion)?.Name.In(Lang) ?? Found.Service;

    public void OnGet(string? reference) => Asked = Reference.Parse(reference, out _) is { } parsed ? Reference.Show(parsed) : null;

    public async Task<IActionResult> OnPost([FromForm] string? reference, [FromForm] string? mobile, CancellationToken ct)
    {
        Asked = reference;
        var check = new Check();
        var parsed = Reference.Parse(reference, out var fault);
        check.That(parsed is not null, "reference", string.IsNullOrWhiteSpace(reference) ? "required" : fault ?? "reference-form");
        var number = Mobile.Normalise(mobile);
        check.That(number is not null, "mobile", string.IsNullOrWhiteSpace(mobile) ? "required" : "not-a-mobile");
        if (!check.Ok) return Refuse(check.ToProblem());
        if (!await attempts.Allowed("track", HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", PerHour, ct)) return Refuse(CaseProblems.TooManyAttempts);
        var citizen = await citizens.Find(number!, ct);
        var row = await view.Row(parsed!, ct);
        if (row is null || citizen != row.Applicant) return Refuse(Problem.Invalid([new Fault("reference", "tracking-no-match")]));
        Found = row;
        var chain = await proceedings.Chain(row.Id, ct);
        Appeals = await database.Query<CaseStore.Row>("""select reference, layer, state from cases."case" where id = any(@chain) and id <> @Id order by filed_at""", new { chain, row.Id }, ct);
        Done = new ProceedingsShown(await proceedings.Cases(chain, null, ct), code => code is null ? "–" : organisation.Post(code)?.Name.In(Lang) ?? code) { Compensations = await claims.Compensations(chain, null, ct) };
        return Page();
    }

    public static byte[] Qr(string address)
    {
        using var code = new PngByteQRCode(QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M));
        return code.GetGraphic(4);
    }
}
