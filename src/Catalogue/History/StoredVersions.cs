using Sahulat.Kernel.Data;

namespace Sahulat.Catalogue.History;

/// <summary>A version as it is stored, with its text.</summary>
/// <param name="Origin">pack or desk.</param>
internal sealed record StoredVersion(string Code, int Version, DateOnly ValidFrom, DateOnly? ValidTo, string Yaml, string Origin, DateTimeOffset LoadedAt, DateTimeOffset? WithdrawnAt)
{
    /// <summary>The rule by which the catalogue serves: the latest that has begun, if it has not ended.</summary>
    public static StoredVersion? InForce(IEnumerable<StoredVersion> versions, DateOnly on)
    {
        var last = versions.Where(v => v.WithdrawnAt is null && v.ValidFrom <= on).OrderByDescending(v => v.ValidFrom).ThenByDescending(v => v.Version).FirstOrDefault();
        return last?.ValidTo < on ? null : last;
    }
}

internal sealed class StoredVersions(Database database)
{
    private const string Columns = "code, version, valid_from, valid_to, yaml, origin, loaded_at, withdrawn_at";

    /// <summary>The latest first.</summary>
    public Task<IReadOnlyList<StoredVersion>> Of(string code, CancellationToken ct) =>
        database.Query<StoredVersion>($"select {Columns} from catalogue.service_version where code = @code order by version desc", new { code }, ct);

    public Task<StoredVersion?> One(string code, int version, CancellationToken ct) =>
        database.One<StoredVersion>($"select {Columns} from catalogue.service_version where code = @code and version = @version", new { code, version }, ct);
}
