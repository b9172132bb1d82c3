using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;

namespace Sahulat.Messaging.Attend;

/// <summary>Who waits for a person, longest first, and whom this official answers.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class TalkListModel(Attending attending) : SahulatPage
{
    public string Box { get; private set; } = "waiting";

    public IReadOnlyList<Called> Rows { get; private set; } = [];

    public int Waiting { get; private set; }

    public int Mine { get; private set; }

    public int At { get; private set; } = 1;

    public int Pages => Math.Max(1, ((Box == "mine" ? Mine : Waiting) + Attending.PageSize - 1) / Attending.PageSize);

    public async Task OnGet(string? box, int? page, CancellationToken ct)
    {
        (Box, At) = (box == "mine" ? "mine" : "waiting", Math.Clamp(page ?? 1, 1, 10_000));
        (Rows, Waiting, Mine) = await attending.List((OfficialCaller)HttpContext.Caller(), Box, At, ct);
    }
}
