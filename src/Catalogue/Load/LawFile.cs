using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Catalogue.Load;

/// <summary>Reads a <c>laws/*.yaml</c>.</summary>
internal static class LawFile
{
    private static readonly string[] Openings = ["lapse", "rejection", "rating", "applicant"];

    public static LawVersion Read(YamlMap map, PackFacts facts)
    {
        var code = Codes.Read(map, "code");
        var from = map.Date("valid_from");
        if (from is null && !map.Has("valid_from")) map.Faults.Add(map.Node, "'valid_from' is missing");
        var convention = map.OptionalMap("convention");
        var clock = map.OptionalMap("clock");
        clock?.OneOf("starts", ["complete"], "complete");
        var to = map.Date("valid_to");
        if (to < from) map.Faults.Add(map.At("valid_to"), "valid_to lies before valid_from");
        var (layers, penalties) = (map.Maps("layers"), map.Maps("penalties"));
        var law = new LawVersion(
            code,
            0,
            from ?? default,
            to,
            map.Local("title"),
            convention?.Enum("value", Counting.Calendar) ?? Counting.Calendar,
            convention?.Flag("confirmed", true) ?? false,
            WeeklyOff(map),
            clock?.Words("pauses", ["query", "stay"]).ToHashSet(StringComparer.Ordinal) ?? [],
            [.. layers.Select(l => Layer(l, facts))],
            [.. penalties.Select(Penalty)])
        {
            Source = map.Optional("source") ?? "",
            ReplyWithin = Limits.Read(map.OptionalMap("reply_within"), Counting.Calendar),
            Absolute = Limits.Read(map.OptionalMap("absolute"), Counting.Calendar),
            Compensation = [.. map.Maps("compensation").Select(Compensation)],
        };
        if (law is { ReplyWithin: { } reply, Absolute: { } most } && reply.Counting == most.Counting && most.Days < reply.Days) map.Faults.Add(map.At("absolute"), $"absolute: {most.Days} days are less than the {reply.Days} of reply_within");
        if (convention is null) map.Faults.Add(map.At("convention"), "'convention' is missing");
        LawChecks.Layers(layers, law.Layers);
        LawChecks.Penalties(penalties, law.Penalties);
        if (law.WeeklyOff.Count > 6) map.Faults.Add(map.At("weekly_off"), "weekly_off: a week needs a working day");
        convention?.Done();
        clock?.Done();
        map.Done();
        return law;
    }

    private static HashSet<DayOfWeek> WeeklyOff(YamlMap map) =>
        [.. map.Words("weekly_off", Enum.GetNames<DayOfWeek>()).Select(Enum.Parse<DayOfWeek>)];

    private static AppealLayer Layer(YamlMap map, PackFacts facts)
    {
        var layer = new AppealLayer(
            Codes.Read(map, "code"),
            map.Text("role"),
            map.OptionalMap("officer") is { } officer ? Officers.Read(officer, facts) : null,
            map.Words("opens_on", Openings).ToHashSet(StringComparer.Ordinal),
            Limits.Read(map.OptionalMap("file_within"), Counting.Calendar) ?? AppealLayer.NotFiled,
            Limits.Read(map.OptionalMap("decide_within"), Counting.Calendar))
        {
            Title = map.OptionalLocal("title"),
        };
        map.Optional("source");
        map.Optional("note");
        map.Done();
        return layer;
    }

    private static CompensationRule Compensation(YamlMap map)
    {
        var rule = new CompensationRule(Codes.Read(map, "code"), map.Number("max"), map.OneOf("of", ["penalty", "body"], "body") == "penalty", map.Flag("confirmed", true), map.Optional("section"));
        map.Optional("source");
        map.Optional("note");
        map.Done();
        return rule;
    }

    private static PenaltyRule Penalty(YamlMap map)
    {
        var rule = new PenaltyRule(Codes.Read(map, "code"), map.Number("per_day"), map.Number("max"), map.Number("amount"), map.Flag("confirmed", true), map.Optional("section"));
        map.Optional("source");
        map.Optional("note");
        map.Done();
        return rule;
    }
}

/// <summary>Parts that laws and services share.</summary>
internal static class Codes
{
    /// <summary>A code: lower-case letters, digits and hyphens.</summary>
    public static string Read(YamlMap map, string key)
    {
        var code = map.Text(key);
        if (code.Length > 0 && !code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) map.Faults.Add(map.At(key), $"{key}: '{code}' may hold lower-case letters, digits and hyphens only");
        return code;
    }
}

internal static class Officers
{
    public static OfficerRule Read(YamlMap map, PackFacts facts)
    {
        var designation = map.Text("designation");
        if (designation.Length > 0 && facts.Designations is { } known && !known.Contains(designation)) map.Faults.Add(map.At("designation"), $"designation '{designation}' is not in designations.csv");
        var rule = new OfficerRule(designation, map.OneOf("level", [.. PackFacts.Levels]), map.Flag("confirmed", true));
        map.Optional("source");
        map.Done();
        return rule;
    }
}

internal static class Limits
{
    public static Limit? Read(YamlMap? map, Counting convention)
    {
        if (map is null) return null;
        var days = map.Whole("days", 1);
        if (days > StatutoryDays.LongestLimit) map.Faults.Add(map.At("days"), $"days: {days} is longer than any limit; at most {StatutoryDays.LongestLimit}");
        if (days is null && !map.Has("days")) map.Faults.Add(map.Node, "'days' is missing");
        var limit = new Limit(days ?? 0, map.Enum("convention", convention), map.Flag("confirmed", true));
        map.Optional("source");
        map.Optional("note");
        map.Done();
        return limit;
    }
}
