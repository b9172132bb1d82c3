using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Anonymous;

/// <summary>One page, no sign-in, no draft: nothing is kept of the one who reports but what he writes.</summary>
[RequestSizeLimit(10 * 1024 * 1024)]
internal sealed class ReportModel(AnonymousIntake intake, IServiceDirectory services, IOrganisation organisation, Attempts attempts, TimeProvider time) : SahulatPage
{
    private const int PerHour = 12;

    public ServiceVersion Subject { get; private set; } = null!;

    public string? Place { get; private set; }

    /// <summary>Makes a double click one grievance.</summary>
    public string Sending { get; private set; } = "";

    public AnonymousReceipt? Filed { get; private set; }

    public IReadOnlyList<Choice> Places => Draft.StartModel.PlacesOf(organisation, Subject, Lang);

    /// <summary>What may be asked of one who stays unnamed: the subject's texts, without the name.</summary>
    public IReadOnlyList<FormField> Fields => [.. Subject.Form!.Pages.Where(p => p.Id != "you").SelectMany(p => p.Fields).Where(f => f.Type == FieldType.Text)];

    public IActionResult OnGet(string subject)
    {
        if (!Find(subject)) return Refuse(Problem.NotFound);
        Sending = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return Page();
    }

    public async Task<IActionResult> OnPost(string subject, [FromForm] string? sending, [FromForm] string? place, CancellationToken ct)
    {
        if (!Find(subject)) return Refuse(Problem.NotFound);
        Place = place;
        Sending = sending is { Length: 32 } && sending.All(char.IsAsciiHexDigitLower) ? sending : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (!await attempts.Allowed("anonymous", HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", PerHour, ct)) return Refuse(CaseProblems.TooManyAttempts);
        var answers = new JsonObject();
        foreach (var field in Fields)
            if (Request.Form[field.Name].ToString().Trim() is { Length: > 0 } text) answers[field.Name] = text;
        if (!organisation.Serves(Subject, place ?? "")) return Refuse(Problem.Invalid([new Fault("place", "required")]));
        var filed = await intake.File(Subject.Code, place!, Lang, answers, Request.Form.Files.GetFile("photo"), Sending, Actor.Sahulat("anonymous"), ct);
        if (!filed.Ok) return Refuse(filed.Problem with { Faults = [.. filed.Problem.Faults.Select(f => f with { Pointer = f.Pointer.Replace("/answers/", "/", StringComparison.Ordinal) })] });
        Filed = filed.Value;
        return Page();
    }

    private bool Find(string code)
    {
        if (services.Find(code, Ist.Today(time)) is not { Grievance: { Anonymous: true, Instead: null } } found) return false;
        Subject = found;
        return true;
    }
}
