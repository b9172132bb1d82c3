using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Doings;

/// <summary>Finding and telling about services.</summary>
internal sealed class ServiceDoings(IServiceSearch search, IServiceDirectory services, TextCatalogue texts, TimeProvider time) : IDoings
{
    /// <summary>What fits into a list of a chat.</summary>
    private const int Most = 8;

    public IEnumerable<DoingKind> All =>
    [
        new("services.find", ["text"], ["one", "many", "none"], ["service", "service_label"], ["services"], false, (call, _) => new(Find(call))),
        new("services.show", ["service"], ["online", "offline", "gone"], ["service", "name", "summary", "days", "fee", "papers"], [], false, (call, _) => new(Show(call))),
    ];

    private Did Find(DoingCall call)
    {
        var text = call["text"].Trim();
        var found = text.Length is < 2 or > 200 ? [] : search.Find(text);
        var lang = call.Session.Language;
        if (found.Count == 0) return new("none");
        if (found.Count == 1) return new("one") { Values = new Dictionary<string, string> { ["service"] = found[0].Code, ["service_label"] = found[0].Name.In(lang) } };
        return new("many") { Lists = new Dictionary<string, IReadOnlyList<Option>> { ["services"] = [.. found.Take(Most).Select(s => new Option(s.Code, s.Name.In(lang)))] } };
    }

    private Did Show(DoingCall call)
    {
        if (services.Find(call["service"], Ist.Today(time)) is not { } service) return new("gone");
        var t = texts.In(call.Session.Language);
        var papers = service.Form?.Pages.SelectMany(p => p.Fields).Where(f => f is { Type: FieldType.Document, Required: true }).Select(f => f.Label.In(t.Lang)).Distinct().ToArray() ?? [];
        return new(service.Online ? "online" : "offline")
        {
            Values = new Dictionary<string, string>
            {
                ["service"] = service.Code,
                ["name"] = service.Name.In(t.Lang),
                ["summary"] = service.Summary.In(t.Lang),
                ["days"] = service.Limit is { } limit ? t["messaging.talk.days", limit.Days] : t["messaging.talk.days-unknown"],
                ["fee"] = service.FeeRupees switch { null => t["messaging.talk.fee-unknown"], 0 => t["messaging.talk.fee-none"], var fee => t["messaging.talk.fee", t.Money(fee.Value)] },
                ["papers"] = papers.Length == 0 ? t["messaging.talk.papers-none"] : t["messaging.talk.papers", string.Join(t.Lang.Script == "Arab" ? "، " : ", ", papers)],
            },
        };
    }
}
