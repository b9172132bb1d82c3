using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Record;

namespace Sahulat.Office.Order;

/// <summary>An order of weeding or a list of transfer, as it is printed and signed.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class OrderPageModel(RecordOrders orders, Closing closing, IOfficials officials, OfficePosts posts, Seals seals, Database database) : SahulatPage
{
    public RecordOrder Order { get; private set; } = null!;

    /// <summary>With the subject, where the official may see the file and it can be read.</summary>
    public IReadOnlyList<(RecordItem Item, string Subject)> Items { get; private set; } = [];

    public IReadOnlyDictionary<Guid, OfficialName> Names { get; private set; } = new Dictionary<Guid, OfficialName>();

    public OfficePosts Posts => posts;

    public bool MayTakeOff { get; private set; }

    public bool MaySign { get; private set; }

    private Reach reach = null!;

    public async Task<IActionResult> OnGet(Guid id, CancellationToken ct) => await Load(id, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(Guid id, [FromForm(Name = "do")] string? act, [FromForm(Name = "take-off")] Guid? file, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        var done = act == "sign" ? await orders.Sign(reach, id, ct) : file is { } off ? await orders.TakeOff(reach, id, off, ct) : Problem.NotFound;
        if (!done.Ok) return await Load(id, ct) ? Refuse(done.Problem) : Refuse(Problem.NotFound);
        return Go($"/desk/office/records/orders/{id:N}");
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        reach = posts.Of((OfficialCaller)HttpContext.Caller());
        if (await orders.Find(reach, id, ct) is not var (order, items)) return false;
        Order = order;
        var rows = (await database.Query<FileRow>($"select {FileRow.Columns} from office.file where id = any(@ids) and scopes && @Scopes", new { ids = items.Select(i => i.FileId).ToArray(), reach.Scopes }, ct)).ToDictionary(r => r.Id);
        var keys = await seals.Keys(rows.Keys, ct);
        Items = [.. items.Select(i => (i, keys.TryGetValue(i.FileId, out var key) ? seals.Open(key, rows[i.FileId].Subject, FileRow.SubjectContext(i.FileId)) : ""))];
        Names = await officials.Names([.. new[] { order.FirstBy, order.SecondBy ?? order.FirstBy }.Distinct()], ct);
        MayTakeOff = order.State == "waiting" && closing.Keeps(reach, order.Office);
        MaySign = order.State == "waiting" && order.FirstBy != reach.Who.Id && closing.Heads(reach, order.Office);
        return true;
    }
}
