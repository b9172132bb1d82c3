using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Load;

/// <summary>What other files of the same pack declare. Null: the pack has no such file, so nothing can be said about it.</summary>
internal sealed record PackFacts(IReadOnlySet<string>? Departments, IReadOnlySet<string>? Designations, IReadOnlyDictionary<string, LawVersion>? Laws)
{
    public static readonly IReadOnlySet<string> Levels = new HashSet<string> { "ut", "state", "division", "district", "tehsil", "block", "body" };

    /// <summary>With these laws, of which a service is held against the latest version.</summary>
    public PackFacts With(IEnumerable<LawVersion> laws) =>
        this with { Laws = laws.GroupBy(l => l.Code, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.OrderBy(l => l.ValidFrom).ThenBy(l => l.Version).Last(), StringComparer.Ordinal) };

    public static readonly IReadOnlySet<string> Categories = new HashSet<string>
    {
        "certificates", "land", "business", "transport", "utilities", "social", "education", "health", "permissions", "employment",
    };

    public static readonly IReadOnlySet<string> Actions = new HashSet<string> { "verify", "query", "forward", "recommend", "approve", "reject", "issue" };

    public static async Task<IReadOnlySet<string>?> Codes(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) return null;
        var lines = await File.ReadAllLinesAsync(file, ct);
        return lines.Skip(1).Select(l => l.Split(',')[0].Trim('"', ' ', '\uFEFF')).Where(c => c.Length > 0).ToHashSet(StringComparer.Ordinal);
    }
}
