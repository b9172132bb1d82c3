using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Pendency;

/// <summary>What waits and since when, by post, office or department.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class PendencyModel(Pending pending, OfficePosts posts, TimeProvider time) : SahulatPage
{
    public static readonly IReadOnlyList<string> Sinces = ["here", "born"];

    public string By { get; private set; } = "post";

    /// <summary>From when ages are counted: since it came to the post, or since it was received.</summary>
    public string Since { get; private set; } = "here";

    public IReadOnlyList<PendingRow> Rows { get; private set; } = [];

    public DateTimeOffset At { get; private set; }

    public string Of(PendingRow row, string kind, string? age = null) => $"/desk/office/pendency/list?by={By}&of={Uri.EscapeDataString(row.Code)}&kind={kind}{(age is null ? "" : $"&age={age}&since={Since}")}";

    public async Task OnGet(string? by, string? since, CancellationToken ct)
    {
        By = Pending.Ways.Contains(by) ? by! : "post";
        Since = Sinces.Contains(since) ? since! : "here";
        At = time.GetUtcNow();
        Rows = await pending.Of(posts.Of((OfficialCaller)HttpContext.Caller()), By, Lang, ct);
    }
}
