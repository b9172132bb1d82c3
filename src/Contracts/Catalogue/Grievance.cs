using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Catalogue;

/// <summary>What a subject of grievances has beside a service's parts. Its <see cref="ServiceVersion.Category"/> is <c>grievance</c>.</summary>
/// <param name="Anonymous">Whether it may be reported without saying who.</param>
/// <param name="Public">Whether what was written, and where, may be shown to everybody.</param>
/// <param name="EntersAt">The law's layer that the lowest competent officer already is; null where he stands below the first.</param>
/// <param name="Instead">Set for a refused subject: where to go instead.</param>
/// <param name="Dispositions">What an office can have done about it.</param>
public sealed record GrievanceTerms(bool Anonymous, bool Public, string? EntersAt, LocalText? Instead, IReadOnlyList<Disposition> Dispositions);

/// <param name="TransferInstead">Never a way to close: whoever chooses it is sent to the transfer (CPGRAMS 2024).</param>
/// <param name="Granted">Whether the applicant got what he asked for.</param>
public sealed record Disposition(string Code, LocalText Text, bool TransferInstead, bool Granted);

/// <summary>The search over the subjects of grievances in force today, in any language and spelling.</summary>
public interface IGrievanceSearch
{
    /// <summary>Best first; no text finds all.</summary>
    IReadOnlyList<ServiceVersion> Find(string? text);
}
