using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Office.Dispatch;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Register;

/// <param name="Kind">How it went or came; null for all.</param>
/// <param name="State">What became of it; null for all.</param>
internal sealed record Wanted(string Office, DateOnly? From, DateOnly? To, string? Kind, string? State)
{
    public DateTimeOffset Since => From is { } from ? Ist.StartOf(from) : DateTimeOffset.UnixEpoch;

    public DateTimeOffset Until => To is { } to && to < new DateOnly(9999, 1, 1) ? Ist.EndOf(to) : new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <param name="To">Null for who may not see the file.</param>
internal sealed record Issued(DispatchRow Row, DateOnly On, string? To);

/// <param name="Details">Null for who may not see the receipt.</param>
internal sealed record Entered(ReceiptRow Row, ReceiptDetails? Details);

/// <summary>The two books that every office keeps: what went out and what came in, in the order of the days. Every line counts; what it says of people is opened only for who may see the file or receipt.</summary>
internal sealed class Registers(Database database, Deliveries deliveries, OfficePosts posts, Seals seals)
{
    /// <summary>Lines of a page, and of what is printed or saved at once.</summary>
    public const int PageSize = 50, Most = 5000;

    private const string OfDispatch = "office = @Office and at >= @Since and at < @Until and (@Kind::text is null or way = @Kind) and (@State::text is null or (delivery = @State and (@State <> 'failed' or not exists (select from office.dispatch n where n.instead_of = dispatch.id))))";

    private const string OfReceipt = "office = @Office and received_on >= @From and received_on <= @To and (@Kind::text is null or mode = @Kind) and (@State::text is null or state = @State)";

    /// <summary>The official's own office, or one below the office that he heads.</summary>
    public bool MaySee(Reach reach, string office)
    {
        if (reach.Scopes.Contains("o:" + office)) return true;
        for (var above = posts.Organisation.Office(office); above is not null; above = above.Parent is { } parent ? posts.Organisation.Office(parent) : null)
            if (reach.Scopes.Contains("u:" + above.Code)) return true;
        return false;
    }

    /// <returns>The lines, the latest first, and how many there are in all, counted up to <see cref="Most"/>.</returns>
    public async Task<(IReadOnlyList<Issued> Lines, int All)> Dispatched(Reach reach, Wanted wanted, int skip, int take, CancellationToken ct)
    {
        var args = new { wanted.Office, wanted.Since, wanted.Until, wanted.Kind, wanted.State, skip, take, Most };
        var rows = await database.Query<DispatchRow>($"select {DispatchRow.Columns} from office.dispatch where {OfDispatch} order by at desc, id desc offset @skip limit @take", args, ct);
        var all = await database.One<int>($"select count(*)::int from (select from office.dispatch where {OfDispatch} limit @Most) n", args, ct);
        var seen = (await database.Query<Guid>("select id from office.file where id = any(@ids) and scopes && @Scopes", new { ids = rows.Select(r => r.FileId).Distinct().ToArray(), reach.Scopes }, ct)).ToHashSet();
        var opened = (await deliveries.Opened([.. rows.Where(r => seen.Contains(r.FileId))], ct)).ToDictionary(s => s.Row.Id);
        return ([.. rows.Select(r => new Issued(r, Ist.DateIn(r.At), opened.TryGetValue(r.Id, out var sent) ? string.Join(" · ", new[] { sent.To, sent.Recipient?.Shown }.Where(t => !string.IsNullOrEmpty(t))) : null))], all);
    }

    /// <summary>Letters that did not arrive and were not sent again.</summary>
    public Task<int> Lost(string office, CancellationToken ct) =>
        database.One<int>("select count(*)::int from office.dispatch where office = @office and delivery = 'failed' and not exists (select from office.dispatch n where n.instead_of = dispatch.id)", new { office }, ct);

    public async Task<(IReadOnlyList<Entered> Lines, int All)> Diarised(Reach reach, Wanted wanted, int skip, int take, CancellationToken ct)
    {
        var args = new { wanted.Office, From = wanted.From ?? new DateOnly(1900, 1, 1), To = wanted.To ?? new DateOnly(9999, 1, 1), wanted.Kind, wanted.State, skip, take, Most };
        var rows = await database.Query<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where {OfReceipt} order by received_on desc, id desc offset @skip limit @take", args, ct);
        var all = await database.One<int>($"select count(*)::int from (select from office.receipt where {OfReceipt} limit @Most) n", args, ct);
        var keys = await seals.Keys(rows.Where(r => reach.Sees(r.Scopes)).Select(r => r.Id), ct);
        return ([.. rows.Select(r => new Entered(r, keys.TryGetValue(r.Id, out var key) ? seals.Open<ReceiptDetails>(key, r.Details, ReceiptRow.DetailsContext(r.Id)) : null))], all);
    }
}
