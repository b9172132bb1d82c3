using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Register;

/// <summary>What the two books have in common: office, days, a page at a time, all of it to print or to save.</summary>
internal abstract class RegisterPage(Registers registers, OfficePosts posts, TimeProvider time) : SahulatPage
{
    public Reach Reach { get; private set; } = null!;

    public Wanted Wanted { get; private set; } = null!;

    public int Number { get; private set; } = 1;

    public int All { get; protected set; }

    public int Pages => Print ? 1 : Math.Max(1, (All + Registers.PageSize - 1) / Registers.PageSize);

    /// <summary>Everything on one sheet, without what is only for the screen.</summary>
    public bool Print { get; private set; }

    public OfficePosts Posts => posts;

    public DateTimeOffset At => time.GetUtcNow();

    public string OfficeName => posts.OfficeName(Wanted.Office, Lang);

    public IEnumerable<Choice> Offices => Own.Append(Wanted.Office).Distinct().Select(o => new Choice(o, posts.OfficeName(o, Lang)));

    protected abstract string Name { get; }

    private IEnumerable<string> Own => Reach.Own.Select(posts.OfficeOf).Where(o => o.Length > 0).Distinct();

    /// <summary>The same lines, printed or saved.</summary>
    public string As(string how)
    {
        var parts = new[] { ("office", Wanted.Office), ("from", Day(Wanted.From)), ("to", Day(Wanted.To)), ("kind", Wanted.Kind), ("state", Wanted.State), ("as", how) };
        return T.Url($"/desk/office/{Name}?{string.Join('&', parts.Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"))}");
    }

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public async Task<IActionResult> OnGet([FromQuery] string? office, [FromQuery] string? from, [FromQuery] string? to, [FromQuery] string? kind, [FromQuery] string? state, [FromQuery] int? page, [FromQuery(Name = "as")] string? how, CancellationToken ct)
    {
        Reach = posts.Of((OfficialCaller)HttpContext.Caller());
        var of = office is { Length: > 0 } ? office : Own.FirstOrDefault();
        if (of is null || !registers.MaySee(Reach, of)) return Refuse(Problem.NotFound);
        var check = new Check();
        DateOnly? Read(string name, string? written)
        {
            if (string.IsNullOrWhiteSpace(written)) return null;
            var read = DateOnly.TryParseExact(written.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 9999;
            return check.That(read, name, "not-a-date") ? day : null;
        }

        Wanted = new Wanted(of, Read("from", from), Read("to", to), string.IsNullOrEmpty(kind) ? null : kind, string.IsNullOrEmpty(state) ? null : state);
        if (!check.Ok) return Refuse(check.ToProblem());
        Print = how == "print";
        Number = Math.Clamp(page ?? 1, 1, Registers.Most / Registers.PageSize);
        var whole = Print || how == "csv";
        await Load(whole ? 0 : (Number - 1) * Registers.PageSize, whole ? Registers.Most : Registers.PageSize, ct);
        if (how != "csv") return Page();
        var csv = new StringBuilder();
        Csv(csv);
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(csv.ToString())];
        return File(bytes, "text/csv; charset=utf-8", $"{Name}-{Day(Ist.DateIn(At))}.csv");
    }

    protected abstract Task Load(int skip, int take, CancellationToken ct);

    protected abstract void Csv(StringBuilder csv);

    protected static void Line(StringBuilder csv, params string?[] cells) => CsvOut.Line(csv, [.. cells.Select(c => c ?? "")]);
}
