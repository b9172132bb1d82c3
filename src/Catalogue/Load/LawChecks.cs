using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Load;

/// <summary>Whether the parts of a law hold together: no request may go round in a circle, wait for what cannot come, or reach a layer without an officer.</summary>
internal static class LawChecks
{
    public static void Layers(IReadOnlyList<YamlMap> maps, IReadOnlyList<AppealLayer> layers)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            var (map, layer) = (maps[i], layers[i]);
            foreach (var before in layers.Take(i))
            {
                if (before.Code == layer.Code) map.Faults.Add(map.At("code"), $"layer '{layer.Code}' is there twice");
                else if (before.Role == layer.Role) map.Faults.Add(map.At("role"), $"layer '{layer.Code}' goes back to the role of '{before.Code}': {layer.Role}");
                else if (layer.Officer is { } officer && before.Officer is { } earlier && Same(officer, earlier)) map.Faults.Add(map.At("officer"), $"layer '{layer.Code}' goes back to the officer of '{before.Code}'");
            }

            if (layer.Role == ServiceRoles.Designated) map.Faults.Add(map.At("role"), $"layer '{layer.Code}' goes back to the designated officer");
            if (layer.OpensOn.Count == 0) map.Faults.Add(map.At("opens_on"), $"layer '{layer.Code}' never opens: opens_on needs lapse, rejection, rating or applicant");
            var filed = layer.OpensOn.Contains("applicant");
            if (filed && !map.Has("file_within")) map.Faults.Add(map.Node, $"layer '{layer.Code}' opens on the applicant's wish: 'file_within' is missing");
            if (!filed && map.Has("file_within") && layer.OpensOn.Count > 0) map.Faults.Add(map.At("file_within"), $"layer '{layer.Code}' has file_within, but no applicant can open it");
            if (i > 0 && layer.OpensOn.Contains("lapse") && layers[i - 1].DecideWithin is null) map.Faults.Add(map.At("opens_on"), $"layer '{layer.Code}' opens on lapse, but '{layers[i - 1].Code}' before it has no decide_within that could pass");
        }
    }

    public static void Penalties(IReadOnlyList<YamlMap> maps, IReadOnlyList<PenaltyRule> penalties)
    {
        for (var i = 0; i < penalties.Count; i++)
        {
            var (map, rule) = (maps[i], penalties[i]);
            if (penalties.Take(i).Any(p => p.Code == rule.Code)) map.Faults.Add(map.At("code"), $"penalty '{rule.Code}' is there twice");
            foreach (var (key, value) in ((string, decimal?)[])[("per_day", rule.PerDay), ("max", rule.Max), ("amount", rule.Amount)])
                if (value < 0) map.Faults.Add(map.At(key), $"{key}: a penalty cannot be less than nothing");
            if (rule.Max < rule.PerDay) map.Faults.Add(map.At("max"), $"penalty '{rule.Code}': max {rule.Max} is less than one day's {rule.PerDay}");
            if (rule.Amount is not null && rule.PerDay is not null) map.Faults.Add(map.At("amount"), $"penalty '{rule.Code}': either an amount, or so much a day");
            if (rule.Confirmed && rule is { PerDay: null, Max: null, Amount: null }) map.Faults.Add(map.Node, $"penalty '{rule.Code}' says no sum; where none is known, confirmed must be false");
        }
    }

    /// <summary>Each layer that opens by itself has an officer: the law's own, the service's, or one that the service says is unknown. Nobody hears the appeal from himself.</summary>
    public static void Officers(YamlMap map, LawVersion? law, IReadOnlyDictionary<string, OfficerRule> officers, IReadOnlySet<string> unknown, bool guaranteed)
    {
        if (map.OptionalMap("officers") is not { } roles) return;
        string[] order = [ServiceRoles.Designated, .. law?.Layers.Select(l => l.Role) ?? ServiceRoles.Appeals];
        for (var i = 1; i < order.Length; i++)
            if (officers.TryGetValue(order[i], out var officer) && order.Take(i).FirstOrDefault(r => officers.TryGetValue(r, out var below) && Same(officer, below)) is { } same)
                roles.Faults.Add(roles.At(order[i]), $"{order[i]} is the same officer as {same}");
        if (!guaranteed || law is null) return;
        foreach (var layer in law.Layers.Where(l => l.Automatic && l.Officer is null && !officers.ContainsKey(l.Role) && !unknown.Contains(l.Role)))
            roles.Faults.Add(roles.Node, $"layer '{layer.Code}' of {law.Code} opens by itself and has no officer: name {layer.Role}, or list it under 'unknown'");
    }

    private static bool Same(OfficerRule one, OfficerRule other) => one.Designation.Length > 0 && one.Designation == other.Designation && one.Level == other.Level;
}

/// <summary>Roles that every service may name; a law adds those of its layers.</summary>
internal static class ServiceRoles
{
    public const string Designated = "designated";

    public static readonly IReadOnlyList<string> Appeals = ["first_appellate", "second_appellate", "revision"];
}
