using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Rollout;

/// <summary>Of those who read the board only administrators change anything.</summary>
internal sealed class RolloutReaders(OrganisationDirectory directory, TimeProvider time)
{
    public DateOnly Today => Ist.Today(time);

    public bool MayChange(OfficialCaller official) => Held(official).Any(p => p.Designation == Designations.Administrator);

    /// <summary>As the administrator, for the journal.</summary>
    public Kernel.Journal.Actor As(OfficialCaller official) => official.As(Held(official).First(p => p.Designation == Designations.Administrator).Code);

    private IEnumerable<Post> Held(OfficialCaller official) => directory.PostsOf(official.Id, Today).Select(directory.Post).OfType<Post>();
}

/// <summary>The rollout on one page.</summary>
[Authorize(Policy = Policies.Rollout)]
internal sealed class OnboardingModel(Board board, RolloutReaders readers, TimeProvider time) : SahulatPage
{
    public BoardView View { get; private set; } = null!;

    public bool MayChange { get; private set; }

    public DateTimeOffset At => time.GetUtcNow();

    public async Task<IActionResult> OnGet(string? place, CancellationToken ct)
    {
        MayChange = readers.MayChange((OfficialCaller)HttpContext.Caller());
        if (await board.Of(place, ct) is not { } view) return Refuse(Problem.NotFound);
        View = view;
        return Page();
    }

    public string Percent(int count, int? target) => target is > 0 ? BoardCsv.Share(count, target.Value) + " %" : "–";

    public PublishedFigure? Published(string measure) => View.Published.FirstOrDefault(p => p.Measure == measure);
}

/// <summary>The board as a table for a spreadsheet.</summary>
internal static class BoardCsv
{
    public static string Share(int count, int target) => Coverage.Percent(count, target).ToString("0.00", CultureInfo.InvariantCulture);

    public static async Task<IResult> Get(HttpContext http, Board board, RolloutReaders readers, Texts t, string? place, CancellationToken ct)
    {
        if (await board.Of(place, ct) is not { } view) return Problem.NotFound.ToResult(http);
        var csv = new StringBuilder("\uFEFF");
        CsvOut.Line(csv, [t["organisation.place"], .. new[] { "users", "target", "share", "offices", "target", "share", "live", "posts", "mails", "vpn", "invited", "trained", "signed-in", "moved" }.Select(c => t[$"organisation.board.{c}"])]);
        foreach (var row in view.Rows.Append(view.Whole))
            Line(csv, row.Place?.Name.In(t.Lang) ?? t["organisation.board.above"], row.Tally, row.UserTarget, row.OfficeTarget);
        foreach (var (phase, tally) in view.Phases) Line(csv, t[$"organisation.phase.{(phase is >= 1 and <= 4 ? phase : 0)}"], tally, null, null);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"onboarding-{view.Place.Code}-{readers.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    private static void Line(StringBuilder csv, string name, Tally n, int? users, int? offices) =>
        CsvOut.Line(csv, [name, Text(n.Users), users is { } u ? Text(u) : "", users is > 0 ? Share(n.Users, users.Value) : "", Text(n.Offices), offices is { } o ? Text(o) : "", offices is > 0 ? Share(n.Offices, offices.Value) : "",
            .. new[] { n.Live, n.Posts, n.Mails, n.Vpn, n.Invited, n.Trained, n.SignedIn, n.Moved }.Select(Text)]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
