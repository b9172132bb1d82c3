using Sahulat.Kernel.Data;

namespace Sahulat.Catalogue.Versions;

/// <param name="Kind">law, service or grievance.</param>
internal sealed record TextInForce
{
    public string Kind { get; init; } = "";
    public string Code { get; init; } = "";
    public DateOnly ValidFrom { get; init; }
    public DateOnly? ValidTo { get; init; }
    public string Yaml { get; init; } = "";
}

/// <summary>The texts themselves, as they were loaded.</summary>
internal sealed class InForce(Database database)
{
    private static readonly string Sql = string.Join(" union all ", new[] { Load.Versions.Law, Load.Versions.Service, Load.Versions.Grievance }.Select(table =>
        $"select * from (select distinct on (code) '{table.Kind}' as kind, code, valid_from, valid_to, yaml from {table.Name} where {table.Standing} and valid_from <= @on and (@all or code = any(@codes)) order by code, valid_from desc, version desc) {table.Kind}s where valid_to is null or valid_to >= @on"));

    /// <param name="codes">Empty: all.</param>
    public Task<IReadOnlyList<TextInForce>> Read(DateOnly on, IReadOnlyCollection<string> codes, CancellationToken ct) =>
        database.Query<TextInForce>(Sql, new { on, all = codes.Count == 0, codes = codes.ToArray() }, ct);
}
