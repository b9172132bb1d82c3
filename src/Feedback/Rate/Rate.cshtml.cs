using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Feedback.Questions;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Rate;

/// <summary>What the link opens. Looking changes nothing, so that a program that previews links uses none up; a rating is a POST, once.</summary>
internal sealed class RateModel(Database database, Rating rating, QuestionStore questions, IServiceDirectory services, ICitizens citizens, Vault vault, Attempts attempts, TimeProvider time) : SahulatPage
{
    public const int CommentMax = 1000;

    /// <summary>Wrong links an address may try in an hour, and wrong digits a link.</summary>
    private const int LinksPerHour = 30, DigitsPerHour = 5;

    public Assessment? It { get; private set; }

    /// <summary>open, rated, thanks, disowned, expired, wrong or many.</summary>
    public string View { get; private set; } = "wrong";

    public IReadOnlyList<Question> Asked { get; private set; } = [];

    /// <summary>The first letters of the name; null when there is none, and the mobile number is asked for instead.</summary>
    public string? Masked { get; private set; }

    public string ServiceName => services.Find(It!.Service, Ist.Today(time))?.Name.In(Lang) ?? It.Service;

    public async Task<IActionResult> OnGet(string token, CancellationToken ct)
    {
        await Load(token, ct);
        if (View == "rated" && Request.Query.ContainsKey("thanks")) View = "thanks";
        return Shown();
    }

    public async Task<IActionResult> OnPost(string token, CancellationToken ct)
    {
        await Load(token, ct);
        if (View != "open") return Shown(View == "rated" ? 409 : null);
        var form = await Request.ReadFormAsync(ct);
        if (Masked is not null && form["me"] == "no") return await End(await database.Write(work => rating.Disown(work, It!), ct), "");
        var check = new Check();
        var score = form["score"].ToString();
        check.That(Rating.Scores.Contains(score), "score", score.Length == 0 ? "rating-choose" : "not-a-choice");
        var answers = Asked.Select(q => (q.Code, Answer: form[$"q.{q.Code}"].ToString())).ToArray();
        foreach (var (code, answer) in answers) check.That(answer is "" or "yes" or "no", $"q.{code}", "not-a-choice");
        var comment = form["comment"].ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (check.That(comment.Length <= CommentMax, "comment", "too-long", CommentMax)) check.That(!comment.Any(c => char.IsControl(c) && c is not ('\n' or '\t')), "comment", "control-characters");
        if (Masked is not null) check.That(form["me"] == "yes", "me", "rating-who");
        else if (check.Ok && !await IsTheirs(form["digits"].ToString(), check, ct)) return Shown();
        if (!check.Ok) return Refuse(check.ToProblem());
        var given = new Given(score, [.. answers.Where(a => a.Answer == "yes").Select(a => a.Code)], [.. answers.Where(a => a.Answer == "no").Select(a => a.Code)], comment, "link");
        return await End(await database.Write(work => rating.Rate(work, It!, given), ct), "?thanks");
    }

    private async Task<IActionResult> End(Result<Done> done, string query)
    {
        if (done.Ok) return Go($"/rate/{RouteData.Values["token"]}{query}");
        await Load((string)RouteData.Values["token"]!, HttpContext.RequestAborted);
        return Shown(done.Problem.Status);
    }

    private async Task Load(string token, CancellationToken ct)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        Response.Headers["Referrer-Policy"] = "no-referrer";
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";
        if (await attempts.Spent("link", address, LinksPerHour, ct))
        {
            View = "many";
            return;
        }

        It = Links.Parse(token) is { } parsed ? await database.One<Assessment>($"select {Assessment.Columns} from feedback.assessment where token = @hash", new { hash = Links.Hash(parsed) }, ct) : null;
        if (It is null)
        {
            await attempts.Allowed("link", address, LinksPerHour, ct);
            View = "wrong";
            return;
        }

        View = It.State != "open" ? It.State : It.ExpiresAt <= time.GetUtcNow() ? "expired" : "open";
        if (View != "open") return;
        Masked = (await Seals.Open(vault, It, ct))?.Masked;
        Asked = (await questions.Current(ct)).For(It.Service, services.Find(It.Service, Ist.Today(time))?.Category);
    }

    /// <summary>The last four digits of the number that the link was sent to.</summary>
    private async Task<bool> IsTheirs(string digits, Check check, CancellationToken ct)
    {
        if (!await attempts.Allowed("digits", It!.Id.ToString(), DigitsPerHour, ct))
        {
            View = "many";
            return false;
        }

        var typed = string.Concat(digits.Where(char.IsDigit).Select(c => (char)('0' + (int)char.GetNumericValue(c))));
        var mobile = await citizens.Mobile(It.Person, ct);
        check.That(mobile is not null && typed.Length == 4 && mobile.EndsWith(typed, StringComparison.Ordinal), "digits", typed.Length == 0 ? "required" : "rating-digits");
        return true;
    }

    private IActionResult Shown(int? status = null)
    {
        // A page with a form is not kept anyway.
        if (View != "open") Response.Headers.CacheControl = "no-store";
        Response.StatusCode = status ?? View switch { "wrong" => 404, "expired" => 410, "many" => 429, _ => 200 };
        return Page();
    }
}
