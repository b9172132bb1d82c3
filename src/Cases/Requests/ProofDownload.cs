using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using QRCoder;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Requests;

/// <summary>The receipt of a filing: that it stands in the public log, checkable offline with <c>sahulat verify --receipt</c> or any tool for C2SP tlog-proof.</summary>
internal static class ProofDownload
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/{lang}/requests/{reference}/proof", Get).RequireAuthorization(Policies.Citizen);
        app.MapGet("/{lang}/requests/{reference}/proof.png", Code).RequireAuthorization(Policies.Citizen);
    }

    public static async Task<IResult> Of(HttpContext http, Guid id, string reference, IReceipts receipts, CancellationToken ct)
    {
        if (await Find(id, receipts, ct) is not { } receipt) return CaseProblems.NoProofYet.ToResult(http);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{reference}-proof.json\"";
        return Results.Json(receipt, JournalJson.Options);
    }

    private static async Task<InclusionReceipt?> Find(Guid id, IReceipts receipts, CancellationToken ct)
    {
        // The filing is the stream's first entry that tells of it; a vacant post may stand before it.
        for (var version = 1L; version <= 4; version++)
        {
            if (await receipts.Prove(CaseStore.Stream(id), version, ct) is not { } receipt) break;
            if (receipt.Kind == Contracts.Cases.CaseFiled.Kind) return receipt;
        }

        return null;
    }

    private static async Task<IResult> Get(HttpContext http, string reference, Database database, IReceipts receipts, CancellationToken ct) =>
        await Own(http, reference, database, ct) is { } id ? await Of(http, id, Reference.Parse(reference, out _)!, receipts, ct) : Problem.NotFound.ToResult(http);

    /// <summary>The same receipt as a code on paper, for a check with any reader of QR codes and no network.</summary>
    private static async Task<IResult> Code(HttpContext http, string reference, Database database, IReceipts receipts, CancellationToken ct)
    {
        if (await Own(http, reference, database, ct) is not { } id) return Problem.NotFound.ToResult(http);
        if (await Find(id, receipts, ct) is not { } receipt) return CaseProblems.NoProofYet.ToResult(http);
        using var code = new PngByteQRCode(QRCodeGenerator.GenerateQrCode(ReceiptCode.Write(receipt), QRCodeGenerator.ECCLevel.L));
        return Results.Bytes(code.GetGraphic(6), "image/png");
    }

    private static async Task<Guid?> Own(HttpContext http, string reference, Database database, CancellationToken ct) =>
        http.Caller() is CitizenCaller citizen && Reference.Parse(reference, out _) is { } parsed
            ? await database.One<Guid?>("""select id from cases."case" where reference = @parsed and applicant = @Id""", new { parsed, citizen.Id }, ct) : null;
}
