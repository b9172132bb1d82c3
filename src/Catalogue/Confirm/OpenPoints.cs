using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Language;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Confirm;

/// <summary>Something in force that rests on no confirmed source.</summary>
/// <param name="Kind">unconfirmed: a value is used that nobody has confirmed. unknown: there is no value.</param>
internal sealed record OpenPoint(bool Law, string Code, LocalText Title, string? Pack, string Kind, IReadOnlyList<FieldStep> Path, string Value, string Note)
{
    public string Name => string.Join('.', Path);
}

/// <summary>What legal has still to confirm, in every law and service in force, of every government here. Read from the texts themselves, so that no part of a law is passed over.</summary>
internal sealed class OpenPoints(InForce texts, ServiceDirectory directory, TimeProvider time)
{
    public const string Unconfirmed = "unconfirmed", Unknown = "unknown";

    private static readonly string[] Aside = ["confirmed", "source", "note", "code"];

    public async Task<IReadOnlyList<OpenPoint>> All(CancellationToken ct)
    {
        var today = Ist.Today(time);
        var points = new List<OpenPoint>();
        foreach (var text in await texts.Read(today, [], ct))
        {
            var law = text.Kind == "law" ? directory.Law(text.Code, today) : null;
            var service = law is null ? directory.Find(text.Code, today) : null;
            if ((law?.Title ?? service?.Name) is not { } title) continue;
            var stream = new YamlStream();
            stream.Load(new StringReader(text.Yaml));
            OpenPoint Point(string kind, IReadOnlyList<FieldStep> path, string value, string note) => new(law is not null, text.Code, title, law?.Pack ?? service?.Pack, kind, path, value, note);
            foreach (var (path, map) in Difference.Mappings((YamlMappingNode)stream.Documents[0].RootNode).Where(m => Scalar(m.Map, "confirmed") == "false"))
                points.Add(Point(Unconfirmed, path, string.Join(", ", map.Children.Where(c => !Aside.Contains(c.Key.ToString()) && c.Value is YamlScalarNode).Select(c => c.Value.ToString())), Scalar(map, "source") ?? Scalar(map, "note") ?? ""));
            if (service is { Grievance: null }) points.AddRange(Gaps(service).Select(g => Point(Unknown, g, "", "")));
        }

        return [.. points.OrderByDescending(p => p.Law).ThenBy(p => p.Code, StringComparer.Ordinal).ThenBy(p => p.Kind, StringComparer.Ordinal)];
    }

    /// <summary>What the guarantee needs and the service does not say.</summary>
    private static IEnumerable<FieldStep[]> Gaps(ServiceVersion service)
    {
        if (service.Limit is null) yield return [new FieldStep("limit")];
        if (service.Designated is null) yield return [new FieldStep("officers"), new FieldStep("designated")];
        foreach (var role in service.UnknownRoles.Order(StringComparer.Ordinal)) yield return [new FieldStep("officers"), new FieldStep(role)];
        if (service.FeeRupees is null) yield return [new FieldStep("fee")];
    }

    private static string? Scalar(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? (value as YamlScalarNode)?.Value : null;
}
