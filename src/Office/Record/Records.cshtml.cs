using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Order;

namespace Sahulat.Office.Record;

/// <summary>The record room: what is to be recorded, what is due, and the lists that wait for a second hand.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class RecordsModel(Closing closing, RecordOrders orders, OfficePosts posts, Seals seals, TimeProvider time) : SahulatPage
{
    public string Shelf { get; private set; } = "recorded";

    public IReadOnlyList<(FileRow File, string Subject)> Rows { get; private set; } = [];

    public IReadOnlyDictionary<Guid, (Guid Order, string Number)> Listed { get; private set; } = new Dictionary<Guid, (Guid, string)>();

    public IReadOnlyList<RecordOrder> Orders { get; private set; } = [];

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; }

    public DateOnly Today => Ist.Today(time);

    public bool MayList(FileRow file) => !Listed.ContainsKey(file.Id) && (RecordOrders.Fits("weeding", file, Today) || RecordOrders.Fits("transfer", file, Today));

    public Task OnGet(string? shelf, [FromQuery] int page, CancellationToken ct) => Load(shelf, page, ct);

    public async Task<IActionResult> OnPost(string? shelf, [FromQuery] int page, [FromForm(Name = "do")] string? act, [FromForm] Guid[] file, [FromForm] Guid? record, CancellationToken ct)
    {
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (record is { } one)
        {
            var done = await closing.Record(reach, one, ct);
            await Load(shelf, page, ct);
            return done.Ok ? Go($"/desk/office/records?shelf={Shelf}") : Refuse(done.Problem);
        }

        var made = act is "weeding" or "transfer" ? await orders.Make(reach, act, file, ct) : Problem.NotFound;
        await Load(shelf, page, ct);
        return made.Ok ? Go($"/desk/office/records/orders/{made.Value:N}") : Refuse(made.Problem);
    }

    private async Task Load(string? shelf, int page, CancellationToken ct)
    {
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        Shelf = Closing.Shelves.Contains(shelf) ? shelf! : "recorded";
        Number = Math.Clamp(page, 1, 100_000);
        var (files, count) = await closing.List(reach, Shelf, Number, Today, ct);
        Pages = (count + Closing.PageSize - 1) / Closing.PageSize;
        var keys = await seals.Keys(files.Select(f => f.Id), ct);
        Rows = [.. files.Select(f => (f, keys.TryGetValue(f.Id, out var key) ? seals.Open(key, f.Subject, FileRow.SubjectContext(f.Id)) : ""))];
        Listed = await closing.Listed(files.Select(f => f.Id), ct);
        Orders = await orders.Of(reach, ct);
    }
}
