namespace Sahulat.Contracts.Guarantee;

/// <summary>What the law lets open above a case, and who decides there: from the catalogue and the organisation in memory.</summary>
public interface IAppealLayers
{
    /// <param name="layer">The case's own layer; null for a first request.</param>
    /// <param name="since">The day of the answer, or the last day on which it was due: the time to file counts from it.</param>
    /// <param name="filed">The day on which the appeal counts as filed.</param>
    /// <returns>Null where the law has no layer above.</returns>
    LayerAbove? Above(string law, int lawVersion, string service, int serviceVersion, string? layer, string place, DateOnly since, DateOnly filed);
}

/// <param name="OpensOn">lapse, rejection, applicant.</param>
/// <param name="FileBy">The last day to file; later appeals ask for condonation.</param>
/// <param name="Post">Who decides; null only when nobody above holds a post either.</param>
/// <param name="Wanted">The post that should decide.</param>
/// <param name="Why">found, vacant or missing.</param>
/// <param name="DecideBy">Null where the law sets none.</param>
public sealed record LayerAbove(string Layer, IReadOnlySet<string> OpensOn, DateOnly FileBy, string? Post, string? Wanted, string Why, DateOnly? DecideBy)
{
    public const string ByApplicant = "applicant";
}
