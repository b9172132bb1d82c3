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

    /// <summary>Ends a holding: from <paramref name="on"/> the official no longer has the post. One that has not begun by then is taken back.</summary>
    Task<Result<Done>> Leave(Work work, Guid holding, DateOnly on, Actor by);

    /// <summary>Relieves the official of the post, or of every post when none is named, from that day.</summary>
    /// <returns>How many holdings ended.</returns>
    Task<int> LeaveAll(Work work, Guid official, DateOnly on, Actor by, string? post = null);
}

/// <summary>Designations that the program itself asks for.</summary>
public static class Designations
{
    public const string Administrator = "sahulat-administrator";
    public const string Operator = "service-centre-operator";

    /// <summary>Who reads how the rollout stands.</summary>
    public static readonly IReadOnlyList<string> RolloutReaders = [Administrator, "chief-secretary", "divisional-commissioner", "deputy-commissioner"];
}
