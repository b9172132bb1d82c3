using System.Text.Json.Nodes;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Templates;

namespace Sahulat.Messaging.Batches;

/// <summary>A warning to everybody of a place: who that is, is known here and told to nobody. Each is written to in the language last used.</summary>
internal sealed class PlaceRows(IPeopleOfPlaces people, IOrganisation organisation)
{
    public async Task<Result<IReadOnlyList<BatchRow>>> Of(Client client, Template template, string place, JsonObject? values, int most, CancellationToken ct)
    {
        if (organisation.Place(place) is null) return Problem.Invalid([new Fault("/place", "not-a-choice")]);
        // For danger only: nobody has agreed to be written to for where he lives.
        if (template.Class != "emergency" || (!client.MayWarn && client.KeyKind != "test")) return MessageProblems.MayNotWarn;
        var check = new Check();
        Rendering.Check(template, Api.RequestReading.Values(values, "/personalisation", check), "/personalisation", check);
        if (!check.Ok) return check.ToProblem();
        var found = await people.In(place, most + 1, ct);
        if (found.Count == 0 || found.Count > most) return Problem.Invalid([new Fault("/place", found.Count == 0 ? "nobody-there" : "too-many", most)]);
        return found.Select(p => new BatchRow(new JsonObject { ["recipient"] = new JsonObject { ["citizen"] = p.Citizen.ToString() }, ["lang"] = p.Lang, ["personalisation"] = values?.DeepClone() })).ToArray();
    }
}
