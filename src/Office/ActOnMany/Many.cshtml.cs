using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Await;
using Sahulat.Office.Follow;
using Sahulat.Office.Inform;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Move;
using Sahulat.Office.Receive;

namespace Sahulat.Office.ActOnMany;

/// <summary>A row that was ticked, as it was shown.</summary>
internal sealed record Ticked(string Kind, Guid Id, long Version)
{
    public string Path => $"/desk/office/{Kind}s/{Id:N}";

    public static Ticked? Parse(string written) =>
        written.Split(':') is [("file" or "receipt") and var kind, var id, var version] && Guid.TryParseExact(id, "N", out var guid) && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? new(kind, guid, seen) : null;
}

/// <param name="Why">Null where it was done.</param>
internal sealed record ActedOn(Ticked Row, string Number, Problem? Why);

/// <summary>One act on the rows that were ticked; each stands for itself, and each result is told.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class ManyModel(Movement movement, Receipts receipts, Marks marks, Files files, ReceiptStore store, Informing informing, OfficePosts posts, TimeProvider time) : SahulatPage
{
    public const int Most = 100;

    public static readonly IReadOnlyList<string> Acts = ["send", "pull-back", "put-away", "close", "seen", "follow"];

    public InboxFilter Filter { get; private set; } = InboxFilter.Parse(null);

    public string Act { get; private set; } = "";

    public string To { get; private set; } = "";

    public IReadOnlyList<ActedOn> Results { get; private set; } = [];

    public IReadOnlyList<ActedOn> Done => [.. Results.Where(r => r.Why is null)];

    public IReadOnlyList<ActedOn> Not => [.. Results.Where(r => r.Why is not null)];

    /// <summary>Files just sent: as long as nobody opened them there, they can be had back.</summary>
    public IReadOnlyList<ActedOn> MayPullBack => Act == "send" ? [.. Done.Where(r => r.Row.Kind == "file")] : [];

    public IActionResult OnGet() => Go("/desk/office");

    public async Task<IActionResult> OnPost([FromForm] string[] row, [FromForm(Name = "do")] string? act, [FromForm] string? to, [FromForm] string? until, [FromForm] string? list, CancellationToken ct)
    {
        Filter = InboxFilter.Parse(list);
        if (act is null || !Acts.Contains(act)) return Refuse(Problem.NotFound);
        (Act, To) = (act, posts.Exists(to) ? posts.Name(to!, Lang) : "");
        Ticked[] chosen = [.. row.Select(Ticked.Parse).OfType<Ticked>().DistinctBy(t => t.Id).Take(Most)];
        if (chosen.Length == 0) return Refuse(OfficeProblems.NothingChosen);
        var check = new Check();
        var away = DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null;
        if (act == "send") check.That(To.Length > 0, "to", "required");
        if (act == "put-away" && check.That(away is not null, "until", string.IsNullOrEmpty(until) ? "required" : "not-a-date")) check.That(away > Ist.Today(time), "until", "date-too-early", Ist.Today(time).AddDays(1));
        if (!check.Ok) return Refuse(check.ToProblem());
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        var results = new List<ActedOn>();
        foreach (var ticked in chosen)
        {
            // Looked up before the act may take it out of sight. What he may not see has no number here.
            var number = ticked.Kind == "file" ? (await files.Find(reach, ticked.Id, ct))?.Shown : (await store.Find(reach, ticked.Id, ct))?.Number;
            results.Add(new(ticked, number ?? "?", number is null ? Problem.NotFound : await One(reach, ticked, act, to, away, ct)));
        }

        Results = results;
        return Page();
    }

    /// <summary>The refusal in words; of a bad choice, the fault itself.</summary>
    public string Why(Problem problem) => problem.Faults.Count == 0 ? T.Problem(problem) : string.Join(" · ", problem.Faults.Select(T.Fault));

    private async Task<Problem?> One(Reach reach, Ticked row, string act, string? to, DateOnly? until, CancellationToken ct) => (act, row.Kind) switch
    {
        ("send", "file") => (await movement.Send(reach, row.Id, row.Version, null, null, to, [], "sent", ct)).Problem,
        ("send", _) => (await movement.SendReceipt(reach, row.Id, row.Version, to, ct)).Problem,
        ("pull-back", "file") => (await movement.PullBack(reach, row.Id, ct)).Problem,
        ("put-away", "file") => (await movement.PutAway(reach, row.Id, row.Version, until, Ist.Today(time), ct)).Problem,
        ("close", "receipt") => (await receipts.Close(reach, row.Id, row.Version, ct)).Problem,
        ("follow", "file") => (await marks.Set(reach, row.Id, "follow", ct)).Problem,
        ("seen", _) => (await informing.Dismiss(reach, row.Kind, row.Id, ct)).Problem,
        _ => OfficeProblems.NotOfThisKind,
    };
}
