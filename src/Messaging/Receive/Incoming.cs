using System.Text.Json;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Receive;

/// <summary>What a person wrote to us.</summary>
internal sealed record IncomingText(string From, string To, string Text);

/// <summary>Messages from people, each kept once however often its provider tells of it, given to the service whose number was written to.</summary>
internal static class Incoming
{
    public static async Task Write(Work work, Vault vault, IReadOnlyList<(string Provider, Said Said)> said, DateTimeOffset now)
    {
        var key = (await vault.Keys(work, [DayKeys.Of("incoming", now)], DayKeys.Retention))[DayKeys.Of("incoming", now)];
        foreach (var (provider, m) in said)
        {
            var id = Guid.CreateVersion7(now);
            var row = new { id, provider, external = m.External, channel = m.Channel, to = m.To.TrimStart('+'), contact = vault.BlindIndex("messaging.contact", m.From), content = vault.Seal(key, JsonSerializer.SerializeToUtf8Bytes(new IncomingText(m.From, m.To, m.Text), DayKeys.Json), Context(id)), now };
            await work.Execute("""
                with kept as (
                  insert into messaging.incoming (id, provider, external, service, channel, contact, content, at)
                  select @id, @provider, @external, (select id from messaging.service where ltrim(number, '+') = @to limit 1), @channel, @contact, @content, @now
                  on conflict do nothing returning id, service),
                happened as (
                  insert into messaging.event (service, kind, subject, status, at) select service, 'incoming', id, 'received', @now from kept where service is not null returning position, service)
                insert into messaging.callback (position, service, due_at, since)
                select h.position, h.service, @now, @now from happened h join messaging.service s on s.id = h.service where s.callback_url is not null
                """, row);
        }
    }

    public static string Context(Guid id) => $"messaging.incoming/{id:N}";
}
