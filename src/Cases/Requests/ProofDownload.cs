using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/{lang}/requests/{reference}/proof", Get).RequireAuthorization(Policies.Citizen);

    public static async Task<IResult> Of(HttpContext http, Guid id, string reference, IReceipts receipts, CancellationToken ct)
    {
        // The filing is the stream's first entry that tells of it; a vacant post may stand before it.
        for (var version = 1L; version <= 4; version++)
        {
            if (await receipts.Prove(CaseStore.Stream(id), version, ct) is not { } receipt) break;
            if (receipt.Kind != Contracts.Cases.CaseFiled.Kind) continue;
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"{reference}-proof.json\"";
            return Results.Json(receipt, JournalJson.Options);
        }

        return CaseProblems.NoProofYet.ToResult(http);
    }

    private static async Task<IResult> Get(HttpContext http, string reference, Database database, IReceipts receipts, CancellationToken ct)
    {
        if (http.Caller() is not CitizenCaller citizen || Reference.Parse(reference, out _) is not { } parsed) return Problem.NotFound.ToResult(http);
        var id = await database.One<Guid?>("""select id from cases."case" where reference = @parsed and applicant = @Id""", new { parsed, citizen.Id }, ct);
        return id is null ? Problem.NotFound.ToResult(http) : await Of(http, id.Value, parsed, receipts, ct);
    }
}
