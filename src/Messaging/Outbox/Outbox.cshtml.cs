using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Messaging.Outbox;

/// <summary>What would have gone to people's phones. Only where the installation says <c>Sahulat:Outbox=screen</c>.</summary>
internal sealed class OutboxModel(ScreenGateway gateway, IConfiguration configuration) : SahulatPage
{
    public IReadOnlyList<(DateTimeOffset At, string Lang, ScreenGateway.Shown Message)> Messages { get; private set; } = [];

    public async Task<IActionResult> OnGet(string? mobile, CancellationToken ct)
    {
        if (configuration["Sahulat:Outbox"] != "screen") return Refuse(Problem.NotFound);
        Messages = await gateway.Latest(Mobile.Normalise(mobile), ct);
        return Page();
    }
}
