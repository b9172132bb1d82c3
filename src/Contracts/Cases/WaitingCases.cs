using Sahulat.Contracts.Access;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Cases;

/// <summary>A request at a step that waits for one of an official's posts.</summary>
/// <param name="Id">Of the request and its step; lists of one moment are sorted by it.</param>
/// <param name="Shown">The reference in groups, as people read it out.</param>
/// <param name="Step">In words; what it is, for an appeal.</param>
/// <param name="Since">The beginning, in India, of the day on which it came to the step.</param>
/// <param name="Due">Null while no clock runs.</param>
public sealed record WaitingCase(string Id, string Reference, string Shown, string Service, string Step, string Post, DateTimeOffset Since, DateOnly? Due);

public enum WaitingOrder
{
    Newest,
    Oldest,

    /// <summary>The least time left first, those without a date last; of one day the newest first.</summary>
    Due,
}

/// <summary>Where a list goes on: behind this.</summary>
public sealed record WaitingPlace(DateTimeOffset Since, DateOnly? Due, string Id);

/// <summary>What of the requests waits for an official's posts, for lists of all that waits for him.</summary>
public interface IWaitingCases
{
    /// <param name="post">Only this post's; null for all of his.</param>
    Task<IReadOnlyList<WaitingCase>> Of(OfficialCaller who, string? post, WaitingOrder order, WaitingPlace? after, int most, Lang lang, CancellationToken ct);

    /// <returns>How many, counted no further than <paramref name="most"/>.</returns>
    Task<int> Count(OfficialCaller who, string? post, int most, CancellationToken ct);
}
