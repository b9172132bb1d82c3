using System.Globalization;
using Sahulat.Kernel.Data;

namespace Sahulat.Messaging.Tell;

/// <summary>What happened to a service's messages, as CloudEvents 1.0.</summary>
internal sealed class Events(Database database)
{
    /// <param name="Data">No address and no words: the id and the service's own reference find them.</param>
    internal sealed record CloudEvent(string Id, string Source, string Type, string Subject, DateTimeOffset Time, object Data)
    {
        public string Specversion => "1.0";

        public string Datacontenttype => "application/json";
    }

    internal sealed record Row(long Position, string Xid, Guid Service, string Kind, Guid Subject, string Status, string? Reason, DateTimeOffset At, string? Reference, string? Template, int? Version, Guid? Batch, string? Channel);

    public const string Select = """
        select e.position, e.xid::text as xid, e.service, e.kind, e.subject, e.status, e.reason, e.at, m.reference, m.template, m.version, m.batch, m.channels[m.step + 1] as channel
        from messaging.event e left join messaging.message m on e.kind = 'message' and m.id = e.subject
        """;

    /// <summary>Nothing at or above the oldest running transaction is shown, so that a late commit is never passed over.</summary>
    /// <param name="after">The cursor of the page before.</param>
    public async Task<(IReadOnlyList<CloudEvent> Events, string Cursor)?> After(Guid service, string? after, int limit, CancellationToken ct)
    {
        var (xid, position) = ("0", 0L);
        if (after is { Length: > 0 })
        {
            var parts = after.Split('-');
            if (parts.Length != 2 || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out position)) return null;
            xid = parts[0];
        }

        var rows = await database.Query<Row>($"{Select} where e.service = @service and (e.xid, e.position) > (@xid::xid8, @position) and e.xid < pg_snapshot_xmin(pg_current_snapshot()) order by e.xid, e.position limit @limit", new { service, xid, position, limit }, ct);
        return ([.. rows.Select(Of)], rows.Count == 0 ? after ?? "0-0" : $"{rows[^1].Xid}-{rows[^1].Position}");
    }

    public static CloudEvent Of(Row r) => new($"{r.Position}", "/api/v1/messages", $"sahulat.{r.Kind}.{r.Status}", $"{r.Subject}", r.At, new { id = r.Subject, r.Status, r.Reason, r.Reference, r.Template, r.Version, r.Batch, r.Channel });
}
