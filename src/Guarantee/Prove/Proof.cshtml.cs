using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Guarantee.Prove;

/// <summary>The proofs of the last days, for everybody.</summary>
internal sealed class ProofModel(Database database) : SahulatPage
{
    public IReadOnlyList<ProofRow> Rows { get; private set; } = [];

    public async Task OnGet(CancellationToken ct) => Rows = await Last(database, ct);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/proofs", async (Database database, CancellationToken ct) => Results.Json(await Last(database, ct)));

    private static Task<IReadOnlyList<ProofRow>> Last(Database database, CancellationToken ct) =>
        database.Query<ProofRow>("select on_date, proved_at, running, lapsed, appeals, overdue, unappealed, unfounded, unjournaled from guarantee.proof order by on_date desc limit 60", ct: ct);
}

internal sealed record ProofRow
{
    public DateOnly OnDate { get; init; }
    public DateTimeOffset ProvedAt { get; init; }
    public long Running { get; init; }
    public long Lapsed { get; init; }
    public long Appeals { get; init; }
    public long Overdue { get; init; }
    public long Unappealed { get; init; }
    public long Unfounded { get; init; }
    public long Unjournaled { get; init; }

    public bool Whole => Overdue + Unappealed + Unfounded + Unjournaled == 0;
}
