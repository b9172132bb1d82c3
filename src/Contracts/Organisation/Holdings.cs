using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Organisation;

/// <summary>Stream <c>post/{code}</c>: an official takes a post.</summary>
public sealed record PostTaken(Guid Official, string Holding, DateOnly From, DateOnly? Until) : IJournalBody
{
    public static string Kind => "organisation.post-taken";
}

public sealed record PostLeft(Guid Official, string Holding, DateOnly On) : IJournalBody
{
    public static string Kind => "organisation.post-left";
}

/// <summary>Who holds posts, changed with its journal entry.</summary>
public interface IHoldings
{
    /// <summary>Refused where a substantive holding would overlap another's, or the post is unknown.</summary>
    Task<Result<Done>> Take(Work work, IReadOnlyList<Holding> holdings, Actor by);
}
