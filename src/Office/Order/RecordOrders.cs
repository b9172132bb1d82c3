using Npgsql;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Record;

namespace Sahulat.Office.Order;

/// <param name="Kind">weeding or transfer.</param>
/// <param name="State">waiting for the second signature, done or withdrawn.</param>
internal sealed record RecordOrder(Guid Id, string Office, string Kind, string Number, DateOnly Dated, string State, string FirstPost, Guid FirstBy, DateTimeOffset FirstAt, string? SecondPost, Guid? SecondBy, DateTimeOffset? SecondAt, int Files)
{
    public static string StreamOf(Guid id) => $"record-order/{id:N}";
}

/// <param name="State">waiting, done, or kept: taken off the list.</param>
internal sealed record RecordItem(int Seq, Guid FileId, string State, string Shown, string Retention, DateOnly OpenedOn, DateOnly ClosedOn, int Pages);

/// <summary>Orders of weeding and lists of transfer: one official makes and signs, another, heading the office or one above, signs second. Only then anything happens, to all files of the list or to none (CSMOP, record retention; Public Records Act 1993).</summary>
internal sealed class RecordOrders(Database database, Files files, Closing closing, Destroying destroying, SealedBlobs blobs, TimeProvider time)
{
    public const int Most = 500;

    private const string Columns = "o.id, o.office, o.kind, o.number, o.dated, o.state, o.first_post, o.first_by, o.first_at, o.second_post, o.second_by, o.second_at, (select count(*)::int from office.record_item i where i.order_id = o.id and i.state <> 'kept') as files";

    /// <summary>Of the official's offices, and of those below if he heads one.</summary>
    public async Task<IReadOnlyList<RecordOrder>> Of(Reach reach, CancellationToken ct)
    {
        var offices = (await database.Query<string>("select distinct office from office.record_order", ct: ct)).Where(o => closing.Keeps(reach, o)).ToArray();
        return await database.Query<RecordOrder>($"select {Columns} from office.record_order o where o.office = any(@offices) order by o.state = 'waiting' desc, o.first_at desc limit 50", new { offices }, ct);
    }

    public async Task<(RecordOrder Order, IReadOnlyList<RecordItem> Items)?> Find(Reach reach, Guid id, CancellationToken ct)
    {
        if (await database.One<RecordOrder>($"select {Columns} from office.record_order o where o.id = @id", new { id }, ct) is not { } order || !closing.Keeps(reach, order.Office)) return null;
        return (order, await database.Query<RecordItem>("select seq, file_id, state, shown, retention, opened_on, closed_on, pages from office.record_item where order_id = @id order by seq", new { id }, ct));
    }

    /// <summary>The first signature: whoever keeps the records of the office names the files.</summary>
    public async Task<Result<Guid>> Make(Reach reach, string kind, IReadOnlyCollection<Guid> chosen, CancellationToken ct)
    {
        var ids = chosen.Distinct().Order().ToArray();
        if (ids.Length is 0 or > Most) return Problem.Invalid([ids.Length == 0 ? new Fault("file", "required") : new Fault("file", "too-many", Most)]);
        var at = time.GetUtcNow();
        var today = Ist.DateIn(at);
        return await Guarded<Guid>(async work =>
        {
            var order = Guid.CreateVersion7(at);
            var (number, office, by) = ("", "", "");
            await Lock(work, ids);
            for (var seq = 1; seq <= ids.Length; seq++)
            {
                var done = await files.Act(work, reach, ids[seq - 1], null, Need.Sees, async open =>
                {
                    var file = open.File;
                    if (!closing.Keeps(reach, file.Office)) return OfficeProblems.NotWithYou;
                    if (seq == 1)
                    {
                        (office, by) = (file.Office, open.Post);
                        number = $"{(kind == "weeding" ? "W" : "T")}-{today.Year}-{await OpenFiles.Serial(work, office, $"{kind}/{today.Year}"):D5}";
                        await work.Execute("insert into office.record_order (id, office, kind, number, dated, state, first_post, first_by, first_at) values (@order, @office, @kind, @number, @today, 'waiting', @by, @me, @at)", new { order, office, kind, number, today, by, me = reach.Who.Id, at });
                    }

                    if (file.Office != office || !Fits(kind, file, today) || file.ClosedOn is not { } closed) return OfficeProblems.NotForOrder with { Args = [file.Shown] };
                    await work.Execute("insert into office.record_item (order_id, seq, file_id, shown, retention, opened_on, closed_on, pages) values (@order, @seq, @Id, @Shown, @Retention, @OpenedOn, @closed, @Pages)", new { order, seq, file.Id, file.Shown, file.Retention, file.OpenedOn, closed, file.Pages });
                    open.Say(new FileListed(order, kind, number));
                    return null;
                });
                if (!done.Ok) return done.Problem;
            }

            await work.Append(RecordOrder.StreamOf(order), 0, new RecordOrderMade(kind, number, office, today, ids), reach.As(by), at);
            return order;
        }, ct);
    }

    /// <summary>A file stays; the last one taken off withdraws the list.</summary>
    public Task<Result<Done>> TakeOff(Reach reach, Guid id, Guid file, CancellationToken ct) => Guarded<Done>(async work =>
    {
        if (await Waiting(work, id, "") is not { } order) return OfficeProblems.NotOpen;
        if (!closing.Keeps(reach, order.Office)) return OfficeProblems.NotWithYou;
        return await files.Act(work, reach, file, null, Need.Sees, async open => await TakeOff(open) ? null : Problem.NotFound);
    }, ct);

    /// <summary>Takes the file off the list on which it waits, if it is on one.</summary>
    public static async Task<bool> TakeOff(OpenFile open)
    {
        if (await open.Work.One<Guid?>("update office.record_item set state = 'kept' where file_id = @Id and state = 'waiting' returning order_id", new { open.File.Id }) is not { } order) return false;
        open.Say(new FileUnlisted(order));
        if (await open.Work.Execute("update office.record_order o set state = 'withdrawn' where id = @order and state = 'waiting' and not exists (select from office.record_item i where i.order_id = o.id and i.state = 'waiting')", new { order }) > 0)
            await open.Work.Append(RecordOrder.StreamOf(order), null, new RecordOrderWithdrawn(), open.Actor, open.At);
        return true;
    }

    /// <summary>The second signature, by another person who heads the office or one above. Weeded files lose their keys; transferred ones are the archive's from then on.</summary>
    public async Task<Result<Done>> Sign(Reach reach, Guid id, CancellationToken ct)
    {
        var gone = new List<string>();
        var signed = await Guarded<Done>(async work =>
        {
            await Lock(work, [.. await work.Query<Guid>("select file_id from office.record_item where order_id = @id and state = 'waiting'", new { id })]);
            if (await Waiting(work, id, "for update") is not { } order) return OfficeProblems.NotOpen;
            if (order.FirstBy == reach.Who.Id) return OfficeProblems.SameHand;
            if (closing.HeadOf(reach, order.Office) is not { } post) return OfficeProblems.NotSenior;
            var at = time.GetUtcNow();
            var items = await work.Query<Guid>("select file_id from office.record_item where order_id = @id and state = 'waiting' order by file_id", new { id });
            foreach (var file in items)
            {
                var done = await files.Act(work, reach, file, null, Need.Sees, async open =>
                {
                    if (!Fits(order.Kind, open.File, Ist.DateIn(at))) return OfficeProblems.NotForOrder with { Args = [open.File.Shown] };
                    if (order.Kind == "weeding")
                    {
                        if (await destroying.Destroy(open, order.FirstPost, post) is not { } blobs) return OfficeProblems.ScansWaiting;
                        gone.AddRange(blobs);
                    }
                    else
                    {
                        open.File.State = "transferred";
                        open.Say(new FileArchived(id, order.Number, order.FirstPost, post));
                    }

                    return null;
                });
                if (!done.Ok) return done.Problem.Status == 404 ? OfficeProblems.NotForOrder with { Args = [await work.One<string>("select shown from office.record_item where order_id = @id and file_id = @file and state = 'waiting'", new { id, file })] } : done.Problem;
            }

            await work.Execute("update office.record_item set state = 'done' where order_id = @id and state = 'waiting'", new { id });
            await work.Execute("update office.record_order set state = 'done', second_post = @post, second_by = @me, second_at = @at where id = @id", new { id, post, me = reach.Who.Id, at });
            await work.Append(RecordOrder.StreamOf(id), null, new RecordOrderSigned(order.FirstPost, post, items.Count), reach.As(post), at);
            return Done.It;
        }, ct);
        // Nothing can open these bytes any more; that they also go is housekeeping.
        if (signed.Ok) foreach (var blob in gone) await blobs.Delete(blob, ct);
        return signed;
    }

    /// <summary>A file that is due may be weeded; one that is to be kept goes to the archive.</summary>
    public static bool Fits(string kind, FileRow file, DateOnly today) => file.State == "recorded" && (kind == "weeding" ? file.WeedOn <= today : kind == "transfer" && file.Retention is "A" or "B");

    private static Task<RecordOrder?> Waiting(Work work, Guid id, string hold) => work.One<RecordOrder>($"select {Columns} from office.record_order o where o.id = @id and o.state = 'waiting' {hold}", new { id });

    /// <summary>Files first and always in the same order, then the list: who reopens a file has it before he takes it off.</summary>
    private static Task Lock(Work work, Guid[] ids) => work.Execute("select from office.file where id = any(@ids) order by id for update", new { ids });

    private async Task<Result<T>> Guarded<T>(Func<Work, Task<Result<T>>> act, CancellationToken ct)
    {
        try
        {
            return await database.Write(act, ct);
        }
        catch (JournalConflictException)
        {
            return Problem.Conflict;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return OfficeProblems.OnOtherOrder;
        }
    }
}
