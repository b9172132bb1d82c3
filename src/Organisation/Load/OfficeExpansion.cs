using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Organisation.Load;

internal sealed record OfficeRow(string Code, string Kind, string Department, string Place, string? Parent, LocalText Text);

internal sealed record PostRow(string Code, string Office, string Designation, string Place, int Rank);

/// <summary>Makes the offices and posts that the patterns stand for: a tehsil office in each tehsil, and so on.</summary>
internal sealed class OfficeExpansion(IReadOnlyCollection<PlaceRow> places, IReadOnlyCollection<NameRow> departments, IReadOnlyCollection<NameRow> designations, ICollection<PackFault> faults)
{
    private readonly Dictionary<string, PlaceRow> byCode = places.ToDictionary(p => p.Code, StringComparer.Ordinal);
    private readonly HashSet<string> knownDepartments = departments.Select(d => d.Code).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> knownDesignations = designations.Select(d => d.Code).ToHashSet(StringComparer.Ordinal);
    private readonly Dictionary<string, (OfficeRow Row, Word? Parent)> offices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PostRow> posts = new(StringComparer.Ordinal);

    public (List<OfficeRow> Offices, List<PostRow> Posts) Make(IReadOnlyList<OfficePattern> patterns)
    {
        var kinds = patterns.Select(p => p.Kind.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            if (!knownDepartments.Contains(pattern.Department.Text)) faults.Add(pattern.Department.Fault($"unknown department {pattern.Department.Text}"));
            foreach (var (designation, _) in pattern.Posts.Where(p => !knownDesignations.Contains(p.Designation.Text))) faults.Add(designation.Fault($"unknown designation {designation.Text}"));
            foreach (var at in pattern.At.Where(p => !byCode.ContainsKey(p.Text))) faults.Add(at.Fault($"unknown place {at.Text}"));
            if (pattern.Per is { } per && !PackTables.Kinds.Contains(per.Text)) faults.Add(per.Fault($"unknown kind of place {per.Text}"));
            if (pattern.Parent is { } parent && !kinds.Contains(parent.Text)) faults.Add(parent.Fault($"there is no office of kind {parent.Text}"));
            foreach (var place in pattern.Per is not null ? places.Where(p => p.Kind == pattern.Per.Text) : pattern.At.Select(p => byCode.GetValueOrDefault(p.Text)).OfType<PlaceRow>()) Office(pattern, place);
        }

        return ([.. offices.Values.Select(o => o.Row with { Parent = ParentOf(o.Row, o.Parent) })], [.. posts.Values]);
    }

    private void Office(OfficePattern pattern, PlaceRow place)
    {
        var code = $"{pattern.Kind.Text}@{place.Code}";
        var name = new LocalText(Lang.All.Select(l => KeyValuePair.Create(l.Code, pattern.Name.In(l).Replace("{place}", place.Text.In(l), StringComparison.Ordinal))));
        if (!offices.TryAdd(code, (new OfficeRow(code, pattern.Kind.Text, pattern.Department.Text, place.Code, null, name), pattern.Parent))) faults.Add(pattern.Kind.Fault($"office {code} is made twice"));
        var rank = 0;
        foreach (var (designation, count) in pattern.Posts)
            for (var i = 1; i <= count; i++)
            {
                var post = $"{designation.Text}@{place.Code}" + (i == 1 ? "" : $"-{i}");
                if (!posts.TryAdd(post, new PostRow(post, code, designation.Text, place.Code, rank++))) faults.Add(designation.Fault($"post {post} is made twice"));
            }
    }

    /// <summary>The office of that kind at the nearest place upward, the place itself first.</summary>
    private string? ParentOf(OfficeRow office, Word? kind)
    {
        if (kind is null) return null;
        for (var p = byCode.GetValueOrDefault(office.Place); p is not null; p = p.Parent is null ? null : byCode.GetValueOrDefault(p.Parent))
            if (offices.ContainsKey($"{kind.Text}@{p.Code}") && $"{kind.Text}@{p.Code}" != office.Code) return $"{kind.Text}@{p.Code}";
        return null;
    }
}
