using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Receive;

/// <summary>What a person wrote to us.</summary>
internal sealed record IncomingText(string From, string To, string Text);

/// <summary>Messages from people, each kept once however often its provider tells of it, given to the service whose number was written to. What was written to Sahulat itself is offered to the rooms that wait for short answers, in the same commit.</summary>
internal sealed class Incoming(Vault vault, IEnumerable<IReplies> rooms, SayBack back, ILogger<Incoming> log)
{
    public async Task Write(Work work, IReadOnlyList<(string Provider, Said Said)> said, DateTimeOffset now)
    {
        var key = (await vault.Keys(work, [DayKeys.Of("incoming", now)], DayKeys.Retention))[DayKeys.Of("incoming", now)];
        foreach (var (provider, m) in said)
        {
            var id = Guid.CreateVersion7(now);
            var row = new { id, provider, external = m.External, channel = m.Channel, to = m.To.TrimStart('+'), contact = vault.BlindIndex("messaging.contact", m.From), content = vault.Seal(key, JsonSerializer.SerializeToUtf8Bytes(new IncomingText(m.From, m.To, m.Text), DayKeys.Json), Context(id)), now };
            var kept = await work.Query<Guid?>("""
                with kept as (
                  insert into messaging.incoming (id, provider, external, service, channel, contact, content, at)
                  select @id, @provider, @external, (select id from messaging.service where ltrim(number, '+') = @to limit 1), @channel, @contact, @content, @now
                  on conflict do nothing returning id, service),
                happened as (
                  insert into messaging.event (service, kind, subject, status, at) select service, 'incoming', id, 'received', @now from kept where service is not null returning position, service),
                called as (
                  insert into messaging.callback (position, service, due_at, since)
                  select h.position, h.service, @now, @now from happened h join messaging.service s on s.id = h.service where s.callback_url is not null)
                select service from kept
                """, row);
            // Not what came before, and not what was written to another department's number.
            if (kept.Count == 1 && (kept[0] is null || kept[0] == Client.Own.Service)) await Offer(work, new SaidText(id, m.Channel, m.From, m.Text, now));
        }
    }

    public static string Context(Guid id) => $"messaging.incoming/{id:N}";

    /// <summary>A room that fails leaves the text kept, and untaken.</summary>
    private async Task Offer(Work work, SaidText said)
    {
        foreach (var room in rooms)
        {
            await work.Transaction.SaveAsync("reply", work.Cancelled);
            try
            {
                if (await room.Take(work, said) is { } answer)
                {
                    if (answer.Length > 0) await back.Say(work, said, answer);
                    return;
                }
            }
            catch (Exception fault) when (!work.Cancelled.IsCancellationRequested)
            {
                log.LogError(fault, "text {Id} could not be taken as an answer", said.Id);
                await work.Transaction.RollbackAsync("reply", CancellationToken.None);
            }
        }
    }
}
