namespace Sahulat.Office.Inform;

/// <param name="Pieces">The text, each piece with the address of what it cites.</param>
internal sealed record RemarkShown(Remark Remark, string Post, string? Name, IEnumerable<(string Text, string? Address)> Pieces);
