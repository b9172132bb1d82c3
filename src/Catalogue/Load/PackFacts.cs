using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Load;

/// <summary>What other files of the same pack declare. Null: the pack has no such file, so nothing can be said about it.</summary>
internal sealed record PackFacts(IReadOnlySet<string>? Departments, IReadOnlySet<string>? Designations, IReadOnlyDictionary<string, LawVersion>? Laws)
{
    public static readonly IReadOnlySet<string> Levels = new HashSet<string> { "ut", "division", "district", "tehsil", "block", "body" };

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
