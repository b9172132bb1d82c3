using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Revoke;

/// <summary>One certificate for the offices that answer for it: how it stands, revoke it, issue it anew corrected.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DeskCertificateModel(Certificates certificates, RevokeRight right, RevokeAct act, IOrganisation organisation, TimeProvider time) : SahulatPage
{
    public CertificateRow Row { get; private set; } = null!;

    public string? Name { get; private set; }

    public string? Reason { get; private set; }

    public bool MayRevoke { get; private set; }

    public bool MayReissue { get; private set; }

    public IReadOnlyList<FormField> Fields { get; private set; } = [];

    public JsonObject Answers { get; private set; } = [];

    public string Standing => Row.State == "waiting" ? "waiting" : Row.Standing(Ist.Today(time));

    public string Tone => Standing switch { "valid" => "green", "waiting" => "blue", "expired" => "yellow", _ => "red" };

    public string Service => certificates.ServiceOf(Row)?.Name.In(Lang) ?? Row.Service;

    public string? Post => Row.Post is { } post ? organisation.Post(post)?.Name.In(Lang) : null;

    public IEnumerable<Choice> Reasons => RevokeAct.Reasons.Select(r => new Choice(r, T["cases.revoked-for." + r]));

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public string Value(FormField field) => Answers[field.Name] is { } answer ? answer.ToString() : "";

    public DateOnly? Date(FormField field) => DateOnly.TryParseExact(Value(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    public async Task<IActionResult> OnGet(string number, CancellationToken ct) => await Load(number, ct) ? Page() : Refuse(Problem.NotFound);

    public async Task<IActionResult> OnPost(string number, [FromForm(Name = "do")] string? what, [FromForm] string? reason, [FromForm] string? text, CancellationToken ct)
    {
        if (!await Load(number, ct)) return Refuse(Problem.NotFound);
        Problem? refused;
        var shown = Row.Number;
        if (what == "revoke")
        {
            refused = (await act.Revoke(Who, Row, reason, text, ct)).Problem;
        }
        else
        {
            var made = what == "reissue" ? await act.Reissue(Who, Row, Fields.ToDictionary(f => f.Name, Corrected), ct) : Problem.NotFound;
            refused = made.Problem;
            if (made.Ok) shown = made.Value;
        }

        if (refused is null) return Go($"/desk/certificates/{shown}");
        await Load(number, ct);
        return Refuse(refused);
    }

    /// <summary>As the form reads it: text, number or ISO date; null where nothing is typed.</summary>
    private JsonNode? Corrected(FormField field)
    {
        var name = "c_" + field.Name;
        var typed = field.Type == FieldType.Date ? DateBoxes.Read(Request.Form, name).Text : Request.Form[name].ToString().Trim();
        if (typed.Length == 0) return null;
        if (field.Type is FieldType.Number or FieldType.Money && decimal.TryParse(typed.Replace(",", "", StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) return JsonValue.Create(number);
        return JsonValue.Create(typed);
    }

    private async Task<bool> Load(string written, CancellationToken ct)
    {
        if (Reference.ParseCertificate(written, out _) is not { } number || await certificates.ByNumber(number, ct) is not { } row || !await right.MaySee(Who, row, ct)) return false;
        (Row, Name, Reason) = (row, await certificates.HolderOf(row, ct), await certificates.ReasonOf(row, ct));
        var may = right.PostOf(Who, row) is not null;
        (MayRevoke, MayReissue) = (may && row is { State: "issued", RevokedAt: null }, may && row is { RevokedAt: not null, ReplacedBy: null });
        if (MayReissue) (Fields, Answers) = (act.Correctable(row), await act.Printed(row, ct) ?? []);
        return true;
    }
}
