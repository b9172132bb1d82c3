using Npgsql;
using NpgsqlTypes;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Receive;

/// <summary>What a person wrote to us.</summary>
internal sealed record IncomingText(string From, string To, string Text, Media? Media = null);

/// <summary>Messages from people, each kept once however often its provider tells of it: given to the service whose number was written to; what was written to Sahulat itself goes to the conversation with that person.</summary>
internal sealed class Incoming(Vault vault)
{
    /// <summary>The channels on which people talk with the program.</summary>
    public static readonly string[] Talked = ["sms", "whatsapp", "telegram", "web", "ussd", "voice"];

    /// <param name="lang">Of a conversation that begins with it, where the channel knows it.</param>
    public async Task Write(Work work, IReadOnlyList<(string Provider, Said Said)> said, DateTimeOffset now, string lang = "en")
    {
        var key = (await vault.Keys(work, [DayKeys.Of("incoming", now)], DayKeys.Retention))[DayKeys.Of("incoming", now)];
        var rows = said.Select(s => (Id: Guid.CreateVersion7(now), s.Provider, s.Said)).ToArray();
        await using var command = work.Command("""
            with n as (select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::uuid[]) with ordinality as n(id, provider, external, number, channel, contact, content, conversation, o)),
            kept as (
              insert into messaging.incoming (id, provider, external, service, channel, contact, content, at)
              select n.id, n.provider, n.external, (select s.id from messaging.service s where ltrim(s.number, '+') = n.number limit 1), n.channel, n.contact, n.content, $9 from n order by n.provider, n.external
              on conflict do nothing returning id, service),
            happened as (
              insert into messaging.event (service, kind, subject, status, at) select service, 'incoming', id, 'received', $9 from kept where service is not null returning position, service),
            told as (
              insert into messaging.callback (position, service, due_at, since)
              select h.position, h.service, $9, $9 from happened h join messaging.service s on s.id = h.service where s.callback_url is not null),
            waiting as (
              insert into messaging.inbox (conversation, id) select n.conversation, k.id from kept k join n on n.id = k.id where coalesce(k.service, $11) = $11 and n.conversation is not null order by n.o),
            begun as (
              insert into messaging.conversation (id, channel, contact, lang, updated_at)
              select distinct on (n.conversation) n.conversation, n.channel, n.contact, $10, $9 from kept k join n on n.id = k.id where coalesce(k.service, $11) = $11 and n.conversation is not null order by n.conversation
              on conflict do nothing)
            select count(*) from kept
            """);
        void P<T>(Func<(Guid Id, string Provider, Said Said), T> pick) => command.Parameters.Add(new() { Value = rows.Select(pick).ToArray() });
        void Bytes(Func<(Guid Id, string Provider, Said Said), byte[]> pick) => command.Parameters.Add(new() { Value = rows.Select(pick).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        P(r => r.Id); P(r => r.Provider); P(r => r.Said.External); P(r => r.Said.To.TrimStart('+')); P(r => r.Said.Channel);
        Bytes(r => vault.BlindIndex("messaging.contact", r.Said.From));
        Bytes(r => vault.Seal(key, Conversation.Write(new IncomingText(r.Said.From, r.Said.To, r.Said.Text, r.Said.Media)), Context(r.Id)));
        P(r => Talks(r.Said) ? Conversation.IdOf(vault, r.Said.Channel, r.Said.From) : (Guid?)null);
        command.Parameters.Add(new NpgsqlParameter { Value = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = lang });
        command.Parameters.Add(new NpgsqlParameter { Value = Client.Own.Service });
        await command.ExecuteNonQueryAsync(work.Cancelled);
    }

    /// <summary>A sender of letters (a bank's, an advertiser's) is nobody to talk with: two programs would answer each other.</summary>
    private static bool Talks(Said said) => Talked.Contains(said.Channel) && (said.Channel is not ("sms" or "whatsapp") || said.From.StartsWith('+'));

    public static string Context(Guid id) => $"messaging.incoming/{id:N}";
}
