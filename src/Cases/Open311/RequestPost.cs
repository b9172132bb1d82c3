using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Anonymous;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Open311;

/// <summary>A GeoReport request becomes a grievance of the citizen whose telephone it names; without one only where the subject may be reported anonymously.</summary>
internal sealed class RequestPost(CaseIntake intake, AnonymousIntake anonymous, IServiceDirectory services, IOrganisation organisation, TextCatalogue texts, TimeProvider time)
{
    public async Task<IResult> File(string format, IFormCollection form, string? jurisdiction, SystemCaller system, Lang lang, CancellationToken ct)
    {
        var code = form["service_code"].ToString();
        if (code.Length == 0) return Answers.Error(format, 400, "service_code was not provided");
        if (Endpoints.Open(services, jurisdiction, time).FirstOrDefault(s => s.Code == code) is not { } service) return Answers.Error(format, 404, "service_code provided was not found");
        var wrong = new List<string>();
        var place = new[] { form[$"attribute[{Endpoints.Place}]"].ToString(), form["address_id"].ToString() }.FirstOrDefault(p => p.Length > 0);
        if (place is null) wrong.Add($"attribute[{Endpoints.Place}] is required: a key of services/{code}.{format}, or the same in address_id");
        else if (!organisation.Serves(service, place)) wrong.Add($"attribute[{Endpoints.Place}] provided is no {service.PlaceLevel}: see services/{code}.{format}");
        var location = Location(form, wrong);
        var phone = form["phone"].ToString();
        var mobile = Mobile.Normalise(phone);
        if (phone.Length > 0 && mobile is null) wrong.Add("phone provided is no Indian mobile number");
        else if (phone.Length == 0 && !service.Grievance!.Anonymous) wrong.Add("phone is required for this service_code");
        if (wrong.Count > 0) return Answers.Error(format, 400, [.. wrong]);

        var answers = new JsonObject();
        Put(answers, "happened", Described(form));
        Put(answers, "address", form["address_string"]);
        Put(answers, "location", location);
        if (mobile is not null) Put(answers, "full_name", $"{form["first_name"]} {form["last_name"]}");
        foreach (var field in Endpoints.Own(service)) Put(answers, field.Name, form[$"attribute[{field.Name}]"]);
        if (mobile is null)
        {
            var unnamed = await anonymous.File(code, place!, lang, answers, null, $"{system.KeyId}/{Guid.NewGuid():N}", system.Actor, ct);
            return unnamed.Ok ? Done(format, unnamed.Value.Receipt, $"Anonymous. The code to follow it, shown once: {FollowCode.Show(unnamed.Value.Code)}", ct) : Refused(format, unnamed.Problem);
        }

        var filed = await intake.Submit(new SubmitRequest(code, place!, null, mobile, lang, answers), system.Actor, null, null, null, ct);
        return filed.Ok ? Done(format, filed.Value, filed.Value.DueOn is { } due ? string.Create(CultureInfo.InvariantCulture, $"An answer is due by {due:yyyy-MM-dd}") : "", ct) : Refused(format, filed.Problem);
    }

    private static IResult Done(string format, Receipt receipt, string notice, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Answers.Of(format, "service_requests", new JsonArray(new JsonObject { ["service_request_id"] = receipt.Reference, ["token"] = receipt.Id.ToString("N"), ["service_notice"] = notice, ["account_id"] = null }), StatusCodes.Status201Created);
    }

    /// <summary>Each fault by the standard's name of the field.</summary>
    private IResult Refused(string format, Problem problem)
    {
        var t = texts.In(Lang.En);
        var described = problem.Faults.Select(f => $"{Field(f.Pointer)}: {t.Fault(f)}").DefaultIfEmpty(t.Problem(problem)).ToArray();
        return Answers.Error(format, problem.Status is 422 ? 400 : problem.Status, described);
    }

    private static string Field(string pointer) => pointer switch
    {
        "/answers/happened" => "description",
        "/answers/address" => "address_string",
        "/answers/location" => "lat, long",
        "/answers/full_name" => "first_name, last_name",
        "/place" => $"attribute[{Endpoints.Place}]",
        _ => pointer.Replace("/answers/", "attribute ", StringComparison.Ordinal),
    };

    private static string? Location(IFormCollection form, List<string> wrong)
    {
        var (north, east) = (form["lat"].ToString(), form["long"].ToString());
        if (north.Length == 0 && east.Length == 0) return null;
        if (double.TryParse(north, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude) && double.TryParse(east, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
            && double.IsFinite(latitude) && double.IsFinite(longitude) && Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180)
            return string.Create(CultureInfo.InvariantCulture, $"{latitude:0.######}, {longitude:0.######}");
        wrong.Add("lat and long must both be given, in degrees (WGS84)");
        return null;
    }

    /// <summary>A picture elsewhere is named, never fetched: the address is another's choice.</summary>
    private static string Described(IFormCollection form)
    {
        var media = form["media_url"].ToString();
        return media.Length is > 0 and <= 500 && Uri.TryCreate(media, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? $"{form["description"]}\n{url.AbsoluteUri}" : form["description"].ToString();
    }

    private static void Put(JsonObject answers, string name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text)) answers[name] = text.Trim();
    }
}
