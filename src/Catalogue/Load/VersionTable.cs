using Sahulat.Kernel.Data;

namespace Sahulat.Catalogue.Load;

/// <summary>The table of a kind's versions. Rows are only added; whose a code is stands beside it.</summary>
internal sealed record VersionTable(string Kind)
{
    public string Name => $"catalogue.{Kind}_version";

    /// <summary>What still stands: a service's version may be withdrawn before its day.</summary>
    public string Standing => Kind == "service" ? "withdrawn_at is null" : "true";

    /// <returns>The version's number.</returns>
    public async Task<int> Add(Work work, DatedFile file) => await work.One<int>($"""
        insert into {Name} (code, version, valid_from, valid_to, yaml, digest)
        select @Code, coalesce(max(version), 0) + 1, @ValidFrom, @ValidTo, @Yaml, @Digest from {Name} where code = @Code returning version
        """, new { file.Code, file.ValidFrom, file.ValidTo, file.Yaml, file.Digest });

    /// <summary>The pack that first names a code owns it; one without an owner is from before packs were told apart.</summary>
    /// <param name="within">The place that bounds where it is given.</param>
    public Task<int> Own(Work work, string code, string? pack, string? within) => work.Execute("""
        insert into catalogue.owner as o (kind, code, pack, within) values (@Kind, @code, @pack, @within)
        on conflict (kind, code) do update set pack = excluded.pack, within = excluded.within where o.pack is null and excluded.pack is not null
        """, new { Kind, code, pack, within });
}

internal static class Versions
{
    public static readonly VersionTable Law = new("law"), Service = new("service"), Grievance = new("grievance");
}
