using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Office;

/// <param name="Pages">The text of each page, as it was read elsewhere.</param>
public sealed record TransferredPaper(byte[] Pdf, IReadOnlyList<string> Pages);

/// <summary>A file as another system kept it.</summary>
/// <param name="Lang">en, hi or ur.</param>
/// <param name="Notings">Signed there, in their order.</param>
public sealed record TransferredFile(string Number, string Subject, string Lang, IReadOnlyList<string> Notings, IReadOnlyList<TransferredPaper> Papers);

/// <summary>Files taken over from another system, with notings and texts, many at once; and files to measure with.</summary>
public interface IFileTransfer
{
    /// <summary>Opens them with the post, in one transaction: all or none.</summary>
    /// <returns>Their ids, in the order given.</returns>
    Task<IReadOnlyList<Guid>> Take(string post, Guid official, IReadOnlyList<TransferredFile> files, CancellationToken ct);
}

/// <summary>Stream <c>file/{id:N}</c>, after <see cref="FileOpened"/>: its notings were signed in another system, and its pages read there.</summary>
public sealed record FileTransferred(int Notings, int Pages) : IJournalBody
{
    public static string Kind => "office.file-transferred";
}
