using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;

namespace Sahulat.Messaging.Outbox;

/// <summary>What would have gone to people's phones. Only where the installation says <c>Sahulat:Outbox=screen</c>.</summary>
internal sealed class OutboxModel(Database database, Vault vault, IConfiguration configuration) : SahulatPage
{
    internal sealed record Shown(DateTimeOffset At, string Lang, string To, string? Subject, string Text, string? File, int FileSize);

    public IReadOnlyList<Shown> Messages { get; private set; } = [];

    public async Task<IActionResult> OnGet(string? mobile, CancellationToken ct)
    {
        if (configuration["Sahulat:Outbox"] != "screen") return Refuse(Problem.NotFound);
        var number = Mobile.Normalise(mobile) is { } given ? "+91" + given : null;
        var rows = await database.Query<(Guid Id, string Class, DateTimeOffset At, byte[] Content)>("select id, class, created_at, content from messaging.message where content is not null and (@contact is null or contact = @contact) order by id desc limit 50",
            new { contact = number is null ? null : vault.BlindIndex("messaging.contact", number) }, ct);
        var keys = await vault.Keys([.. rows.Select(r => DayKeys.Of(r.Class, r.At)).Distinct()], DayKeys.Retention, ct);
        var shown = new List<Shown>();
        foreach (var (id, cls, at, content) in rows)
        {
            if (!keys.TryGetValue(DayKeys.Of(cls, at), out var key)) continue;
            var step = JsonSerializer.Deserialize<Content>(vault.Open(key, content, DayKeys.Context(id)), DayKeys.Json)!.Steps[0];
            shown.Add(new(at, step.Lang, step.To.StartsWith("+91", StringComparison.Ordinal) ? step.To[3..] : step.To, step.Subject, step.Text, step.File?.Name, step.File?.Content.Length ?? 0));
        }

        Messages = shown;
        return Page();
    }
}
