using Sahulat.Contracts.Access;

namespace Sahulat.Contracts.Office;

/// <summary>A letter about a request in an office's diary, and the file that it lies in.</summary>
public sealed record CaseOnFile(Guid Receipt, string Number, Guid? File, string? FileNumber);

/// <summary>A signed paper that an office sent out with a request.</summary>
/// <param name="Number">Of the file and of the issue, as printed on it.</param>
/// <param name="Form">letter, order, memorandum or circular.</param>
public sealed record CaseOrder(Guid Dispatch, string Number, string Form, DateOnly On);

/// <summary>What offices wrote about a request, by its reference without dashes: one chain from request to order to certificate.</summary>
public interface ICasePapers
{
    /// <summary>What the official may see of it.</summary>
    Task<IReadOnlyList<CaseOnFile>> On(OfficialCaller who, string reference, CancellationToken ct);

    /// <summary>What was sent out with it, the oldest first.</summary>
    Task<IReadOnlyList<CaseOrder>> Orders(string reference, CancellationToken ct);

    /// <summary>The paper as it was signed, a PDF; null when it was not sent out with this request. Who may read the request is the caller's to say.</summary>
    Task<Stream?> Open(string reference, Guid dispatch, CancellationToken ct);
}
