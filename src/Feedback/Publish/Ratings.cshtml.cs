using Microsoft.AspNetCore.Mvc;
using Sahulat.Feedback.Count;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Feedback.Publish;

/// <summary>What people say of the service they got, for everybody to read.</summary>
internal sealed class RatingsModel(Scores scores) : SahulatPage
{
    private const int Size = 40;

    public string By { get; private set; } = "";

    public Score Whole { get; private set; } = new();

    /// <summary>One head of the list, where the address names it.</summary>
    public Score? One { get; private set; }

    public IReadOnlyList<Score> Rows { get; private set; } = [];

    public IReadOnlyList<QuestionScore> Questions { get; private set; } = [];

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; }

    public DateOnly Since => scores.Since;

    public async Task<IActionResult> OnGet(string? by, string? code, CancellationToken ct)
    {
        By = by ?? Dimensions.All[0];
        if (!Dimensions.All.Contains(By)) return Refuse(Problem.NotFound);
        if (code is not null)
        {
            One = await scores.One(By, code, ct);
            if (One is null) return Refuse(Problem.NotFound);
            Questions = await scores.Questions(By, code, ct);
            return Page();
        }

        Whole = await scores.Whole(ct);
        Questions = await scores.Questions("all", "", ct);
        var all = await scores.By(By, ct);
        Pages = (all.Count + Size - 1) / Size;
        Number = Math.Clamp(int.TryParse(Request.Query["page"], out var n) ? n : 1, 1, Math.Max(1, Pages));
        Rows = [.. all.Skip((Number - 1) * Size).Take(Size)];
        return Page();
    }

    /// <summary>Whole per cent, as one reads it.</summary>
    public static string Percent(double value) => Math.Round(value).ToString(System.Globalization.CultureInfo.InvariantCulture) + "%";
}
