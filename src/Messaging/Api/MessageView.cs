using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Api;

/// <summary>Messages as their service may see them.</summary>
internal sealed class MessageView(Database database, Vault vault, IConfiguration configuration)
{
    private const string Columns = "id, class, template, version, array_to_string(channels, ',') as channels, step, status, reason, provider, reference, batch, content, created_at, send_after, expires_at, sent_at, completed_at, key_kind";

    /// <param name="Paise">What the provider charges, where settings tell (<c>Sahulat:Messaging:Paise:{channel}</c>, a segment).</param>
    internal sealed record Cost(int Segments, decimal? Paise);

    internal sealed record Shown(Guid Id, string Status, string? Reason, string Template, int Version, string Class, string Channel, IReadOnlyList<string> Channels, string? Lang, string? Text, string? Subject, string? Encoding, int Segments, Cost Cost, string? Reference, Guid? Batch, string Key, string? Provider, DateTimeOffset CreatedAt, DateTimeOffset? SendAfter, DateTimeOffset ExpiresAt, DateTimeOffset? SentAt, DateTimeOffset? CompletedAt)
    {
        /// <summary>Only for Notify's protocol, which shows it.</summary>
        [System.Text.Json.Serialization.JsonIgnore]
        public string? To { get; init; }
    }

    private sealed record Row(Guid Id, string Class, string Template, int Version, string Channels, short Step, string Status, string? Reason, string? Provider, string? Reference, Guid? Batch, byte[]? Content, DateTimeOffset CreatedAt, DateTimeOffset? SendAfter, DateTimeOffset ExpiresAt, DateTimeOffset? SentAt, DateTimeOffset? CompletedAt, string KeyKind);

    public Shown Of(NewMessage m) => Show(new(m.Id, m.Class, m.Template, m.Version, string.Join(',', m.Steps.Select(s => s.Channel)), 0, Status.Created, null, null, m.Reference, m.Batch, null, m.At, m.SendAfter, m.ExpiresAt, null, null, m.KeyKind), m.Steps);

    public async Task<Shown?> Find(Guid service, Guid id, CancellationToken ct) =>
        (await Show(await database.Query<Row>($"select {Columns} from messaging.message where id = @id and service = @service", new { id, service }, ct), ct)).FirstOrDefault();

    public async Task<Shown?> Repeated(Guid service, string key, byte[] digest, CancellationToken ct) =>
        (await Show(await database.Query<Row>($"select {Columns} from messaging.message where service = @service and idem_key = @key and idem_digest = @digest", new { service, key, digest }, ct), ct)).FirstOrDefault();

    public async Task<IReadOnlyList<Shown>> List(Guid service, string? reference, string? channel, string[]? statuses, Guid? before, int limit, CancellationToken ct) =>
        await Show(await database.Query<Row>($"""
            select {Columns} from messaging.message
            where service = @service and (@before::uuid is null or id < @before) and (@reference::text is null or reference = @reference) and (@channel::text is null or channels[step + 1] = @channel) and (@statuses::text[] is null or status = any(@statuses))
            order by id desc limit @limit
            """, new { service, reference, channel, statuses, before, limit }, ct), ct);

    private async Task<IReadOnlyList<Shown>> Show(IReadOnlyList<Row> rows, CancellationToken ct)
    {
        var keys = await vault.Keys([.. rows.Where(r => r.Content is not null).Select(r => DayKeys.Of(r.Class, r.CreatedAt)).Distinct()], DayKeys.Retention, ct);
        return [.. rows.Select(r => Show(r, r.Content is { } content && keys.TryGetValue(DayKeys.Of(r.Class, r.CreatedAt), out var key) ? JsonSerializer.Deserialize<Content>(vault.Open(key, content, DayKeys.Context(r.Id)), DayKeys.Json)!.Steps : null))];
    }

    private Shown Show(Row r, IReadOnlyList<Step>? steps)
    {
        var step = steps is null ? null : steps[Math.Min(r.Step, steps.Count - 1)];
        // A one-time code is told to its owner and to nobody else.
        var secret = r.Class == "otp";
        var channels = r.Channels.Split(',');
        var segments = step?.Segments ?? 1;
        var each = configuration.GetValue<decimal?>($"Sahulat:Messaging:Paise:{channels[r.Step]}");
        return new(r.Id, r.Status, r.Reason, r.Template, r.Version, r.Class, channels[r.Step], channels, step?.Lang, secret ? null : step?.Text, secret ? null : step?.Subject, step?.Encoding, segments, new(segments, each * segments), r.Reference, r.Batch, r.KeyKind, r.Provider, r.CreatedAt, r.SendAfter, r.ExpiresAt, r.SentAt, r.CompletedAt) { To = step?.To };
    }
}
