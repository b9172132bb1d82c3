using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Doings;

/// <summary>Places, their offices and their holidays.</summary>
internal sealed class PlaceDoings(IOrganisation organisation, IServiceDirectory services, Calendars calendars, TextCatalogue texts, TimeProvider time) : IDoings
{
    private const int Most = 8, MostHolidays = 6, MostOffices = 8;

    public IEnumerable<DoingKind> All =>
    [
        new("places.find", ["text", "level", "service"], ["one", "many", "none"], ["place", "place_label"], ["places"], false, (call, _) => new(Find(call))),
        new("holidays.next", ["place"], ["some", "none"], ["holidays"], [], false, (call, _) => new(Holidays(call))),
        new("offices.at", ["place"], ["some", "none"], ["offices"], [], false, (call, _) => new(Offices(call))),
    ];

    public static string Label(IOrganisation organisation, Place place, Lang lang) =>
        place.Kind is "tehsil" or "block" or "body" && place.Parent is { } above ? $"{place.Name.In(lang)}, {organisation.Place(above)?.Name.In(lang)}" : place.Name.In(lang);

    /// <summary>By name in any language or by PIN code; of the kind asked for, or of the kind that the service is for.</summary>
    private Did Find(DoingCall call)
    {
        var kind = call["level"].Length > 0 ? call["level"] : services.Find(call["service"], Ist.Today(time))?.PlaceLevel;
        var text = call["text"].Trim();
        var lang = call.Session.Language;
        IReadOnlyList<Place> found = FlowWords.Digits(text) is { Length: 6 } pin && organisation.DistrictOfPin(pin) is { } district
            ? kind is null || kind == district.Kind ? [district] : organisation.Children(district.Code, kind)
            : text.Length is < 2 or > 100 ? [] : organisation.SearchPlaces(text, kind);
        // A territory of one place needs no question.
        if (kind is not null && organisation.OfKind(kind) is { Count: 1 } only) found = only;
        if (found.Count == 0) return new("none");
        if (found.Count == 1) return new("one") { Values = new Dictionary<string, string> { ["place"] = found[0].Code, ["place_label"] = Label(organisation, found[0], lang) } };
        return new("many") { Lists = new Dictionary<string, IReadOnlyList<Option>> { ["places"] = [.. found.Take(Most).Select(p => new Option(p.Code, Label(organisation, p, lang)))] } };
    }

    private Did Holidays(DoingCall call)
    {
        var today = Ist.Today(time);
        var places = organisation.PlaceAndAncestors(call["place"]).ToHashSet(StringComparer.Ordinal);
        var t = texts.In(call.Session.Language);
        var next = calendars.Current.Holidays.Where(h => h.Date >= today && places.Contains(h.Place)).DistinctBy(h => (h.Date, h.Name.In(Lang.En))).OrderBy(h => h.Date).Take(MostHolidays).ToArray();
        return next.Length == 0 ? new("none") : new("some") { Values = new Dictionary<string, string> { ["holidays"] = string.Join('\n', next.Select(h => $"{t.Date(h.Date)}: {h.Name.In(t.Lang)}{(h.Estimated ? " " + t["messaging.talk.estimated"] : "")}")) } };
    }

    private Did Offices(DoingCall call)
    {
        var lang = call.Session.Language;
        var offices = organisation.PostsAt(call["place"]).Select(p => p.Office).Distinct(StringComparer.Ordinal).Select(organisation.Office).OfType<Office>().Take(MostOffices).ToArray();
        return offices.Length == 0 ? new("none") : new("some")
        {
            Values = new Dictionary<string, string> { ["offices"] = string.Join('\n', offices.Select(o => organisation.PostsOfOffice(o.Code).FirstOrDefault(p => p.Head) is { } head ? $"{o.Name.In(lang)} ({head.Name.In(lang)})" : o.Name.In(lang))) },
        };
    }
}
