namespace Sahulat.Office.Note;

/// <summary>The signed paragraphs of a noting side in pages. The last page is never a stump: less than half a page stays with the one before.</summary>
/// <param name="Notes">How many are signed.</param>
internal readonly record struct NotingPages(int Notes)
{
    public const int Size = 20;

    public int Count => Math.Max(1, (Notes + (Size / 2)) / Size);

    /// <returns>Its first and its last paragraph.</returns>
    public (int From, int To) Of(int page) => (((page - 1) * Size) + 1, page == Count ? Notes : page * Size);

    /// <returns>The page that holds the paragraph; the last for none, and for one that is not there yet.</returns>
    public int With(int? para) => para is { } n && n <= Notes ? Math.Clamp(((n - 1) / Size) + 1, 1, Count) : Count;
}
