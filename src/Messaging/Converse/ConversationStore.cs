using Npgsql;
using NpgsqlTypes;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Receive;
using Sahulat.Messaging.WebChat;

namespace Sahulat.Messaging.Converse;

/// <summary>What a conversation is after its turns.</summary>
internal sealed record Taken(Conversation After, Held Held, IReadOnlyList<(Guid? Said, Turn Turn)> Turns, IReadOnlyList<NewMessage> Messages, IReadOnlyList<Guid> Done);

internal sealed class ConversationStore(Vault vault, AcceptBatch accept, TimeProvider time)
{
    private const string Columns = "c.id, c.channel, c.contact, c.content, c.sealed_on, c.state, c.lang, c.official, c.post, c.called_at, c.heard_at, c.due_at, c.updated_at";

    /// <summary>Locks conversations that somebody wrote to, beginning anywhere among them, so that none waits behind many others for ever. Those that another node or hand has are left to it.</summary>
    public static Task<IReadOnlyList<Conversation>> Claim(Work work, int most, Guid[] apart) => work.Query<Conversation>($"""
        with picked as (
          (select distinct conversation from messaging.inbox where conversation >= @start and conversation <> all(@apart) order by conversation limit @most)
          union
          (select distinct conversation from messaging.inbox where conversation < @start and conversation <> all(@apart) order by conversation limit @most))
        select {Columns} from messaging.conversation c join picked p on p.conversation = c.id limit @most for update of c skip locked
        """, new { start = Guid.NewGuid(), apart, most });

    public static Task<IReadOnlyList<Conversation>> Late(Work work, int most, DateTimeOffset now) =>
        work.Query<Conversation>($"select {Columns} from messaging.conversation c where c.due_at <= @now and c.state = 'flow' order by c.due_at limit @most for update skip locked", new { now, most });

    /// <summary>Waits for the lock: one contact is heard strictly one message at a time.</summary>
    public static Task<Conversation?> Lock(Work work, Guid id) => work.One<Conversation>($"select {Columns} from messaging.conversation c where c.id = @id for update", new { id });

    public static async Task<Conversation?> Find(Database database, Guid id, CancellationToken ct) => await database.One<Conversation>($"select {Columns} from messaging.conversation c where c.id = @id", new { id }, ct);

    /// <summary>Looked for one contact after another: among few rows or millions the planner would else read all of them.</summary>
    public async Task<ILookup<Guid, Heard>> Heard(Work work, IReadOnlyList<Guid> ids, int most, int mostOfOne)
    {
        var rows = await work.Query<(Guid Conversation, Guid Id, short Tries, string Provider, byte[] Content, DateTimeOffset At)>("""
            select i.conversation, i.id, i.tries, n.provider, n.content, n.at from unnest(@ids) as c(id)
            cross join lateral (select conversation, id, tries, position from messaging.inbox where conversation = c.id order by position limit @mostOfOne) i
            cross join lateral (select provider, content, at from messaging.incoming where id = i.id limit 1) n
            order by i.position limit @most
            """, new { ids, most, mostOfOne });
        var keys = await vault.Keys(work, [.. rows.Select(r => DayKeys.Of("incoming", r.At)).Distinct()], DayKeys.Retention);
        return rows.Select(r =>
        {
            var text = Conversation.Read<IncomingText>(vault.Open(keys[DayKeys.Of("incoming", r.At)], r.Content, Incoming.Context(r.Id)));
            return new Heard(r.Conversation, r.Id, r.Tries, r.Provider, text.From, text.To, text.Text, text.Media, r.At);
        }).ToLookup(h => h.Conversation);
    }

    /// <summary>Null for one that has said nothing yet, or whose day is forgotten.</summary>
    public async Task<Dictionary<Guid, Held>> Open(Work work, IReadOnlyList<Conversation> rows)
    {
        var days = rows.Where(r => r.SealedOn is not null).Select(r => DayKeys.Of("incoming", r.SealedOn!.Value)).Distinct().ToArray();
        var keys = days.Length == 0 ? new Dictionary<Guid, SubjectKey>() : await vault.Keys(work, days, DayKeys.Retention);
        return rows.Where(r => r.Content is not null && keys.ContainsKey(DayKeys.Of("incoming", r.SealedOn!.Value)))
            .ToDictionary(r => r.Id, r => Conversation.Read<Held>(vault.Open(keys[DayKeys.Of("incoming", r.SealedOn!.Value)], r.Content!, r.Context)));
    }

    /// <summary>Sessions, lines, outbox and the emptied inbox, in the caller's one commit.</summary>
    public async Task Write(Work work, IReadOnlyList<Taken> taken)
    {
        if (taken.Count == 0) return;
        var now = time.GetUtcNow();
        var today = Ist.DateIn(now);
        var key = await vault.Key(work, DayKeys.Of("incoming", today), DayKeys.Retention);
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add(new("""
            update messaging.conversation c set content = n.content, sealed_on = $2, state = n.state, lang = n.lang, official = n.official, post = n.post, called_at = n.called_at, heard_at = n.heard_at, due_at = n.due_at, updated_at = $3
            from unnest($1::uuid[], $4::bytea[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[]) as n(id, content, state, lang, official, post, called_at, heard_at, due_at) where c.id = n.id
            """)
        {
            Parameters =
            {
                P(taken, t => t.After.Id), new() { Value = today }, new() { Value = now.UtcDateTime }, Bytes(taken.Select(t => vault.Seal(key, Conversation.Write(t.Held), t.After.Context))),
                P(taken, t => t.After.State), P(taken, t => t.Held.Session.Lang), P(taken, t => t.After.Official), P(taken, t => t.After.Post), P(taken, t => t.After.CalledAt?.UtcDateTime), P(taken, t => t.After.HeardAt?.UtcDateTime), P(taken, t => t.After.DueAt?.UtcDateTime),
            },
        });
        var lines = taken.SelectMany(t => t.Turns.Select(l => (t.After.Id, l.Said, l.Turn))).ToArray();
        if (lines.Length > 0)
            batch.BatchCommands.Add(new("insert into messaging.line (conversation, said, at, content) select n.conversation, n.said, $3, n.content from unnest($1::uuid[], $2::uuid[], $4::bytea[]) with ordinality as n(conversation, said, content, o) order by n.o")
            {
                Parameters = { P(lines, l => l.Id), P(lines, l => l.Said), new() { Value = now.UtcDateTime }, Bytes(lines.Select(l => vault.Seal(key, Conversation.Write(l.Turn), Conversation.LineContext(l.Id)))) },
            });
        var done = taken.SelectMany(t => t.Done.Select(d => (t.After.Id, Said: d))).ToArray();
        if (done.Length > 0) batch.BatchCommands.Add(new("delete from messaging.inbox i using unnest($1::uuid[], $2::uuid[]) as n(conversation, id) where i.conversation = n.conversation and i.id = n.id") { Parameters = { P(done, d => d.Id), P(done, d => d.Said) } });
        await batch.ExecuteNonQueryAsync(work.Cancelled);
        // Others are read on a phone, not on a page of this portal or of the desk.
        await TalkNews.Tell(work, taken.Where(t => t.After.Channel == "web" || t.After.State != Conversation.Flow).Select(t => t.After.Id));
        var messages = taken.SelectMany(t => t.Messages).ToArray();
        if (messages.Length > 0) await accept.WriteNow(work, messages);
    }

    /// <summary>The turns after a position, oldest first.</summary>
    public async Task<IReadOnlyList<(long Position, DateTimeOffset At, Turn Turn)>> Lines(Database database, Guid conversation, int most, CancellationToken ct, long after = 0, Guid? said = null)
    {
        var rows = await database.Query<(long Position, DateTimeOffset At, byte[] Content)>("""
            select position, at, content from (select position, at, content from messaging.line where conversation = @conversation and position > @after and (@said::uuid is null or said = @said) order by position desc limit @most) l order by position
            """, new { conversation, after, said, most }, ct);
        var keys = await vault.Keys([.. rows.Select(r => DayKeys.Of("incoming", r.At)).Distinct()], DayKeys.Retention, ct);
        return [.. rows.Where(r => keys.ContainsKey(DayKeys.Of("incoming", r.At))).Select(r => (r.Position, r.At, Conversation.Read<Turn>(vault.Open(keys[DayKeys.Of("incoming", r.At)], r.Content, Conversation.LineContext(conversation)))))];
    }

    private static NpgsqlParameter P<TRow, T>(IEnumerable<TRow> rows, Func<TRow, T> pick) => new() { Value = rows.Select(pick).ToArray() };

    private static NpgsqlParameter Bytes(IEnumerable<byte[]> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
