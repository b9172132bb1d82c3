using Sahulat.Office.Papers;

namespace Sahulat.Office.Archive;

/// <summary>Pages laid one upon another in a folder, and bound to one PDF with their text layers.</summary>
internal sealed class Book(Scratch scratch)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly List<string> pages = [];
    private readonly List<int> layered = [];
    private readonly HashSet<int> own = [];
    private (string File, string Type, int From, int To) paper;

    public int Pages { get; private set; }

    /// <summary>A paper's pages, of which layers may follow until it is closed.</summary>
    public async Task<string?> Add(string type, byte[] content, int from, int to, CancellationToken ct)
    {
        paper = (scratch.File($"paper{pages.Count}"), type, from, to);
        own.Clear();
        await File.WriteAllBytesAsync(paper.File, content, ct);
        if (type == "application/pdf")
        {
            pages.AddRange([paper.File, $"{ArchiveMaker.Number(from)}-{ArchiveMaker.Number(to)}"]);
            var text = await Bounded.Run("pdftotext", ["-f", ArchiveMaker.Number(from), "-l", ArchiveMaker.Number(to), paper.File, "-"], Limit, 2048, ct);
            if (text.Fault is { } unread) return unread;
            own.UnionWith(text.Text.Split('\f').Select((t, i) => (Text: t, Page: from + i)).Where(t => !string.IsNullOrWhiteSpace(t.Text)).Select(t => t.Page));
            return null;
        }

        if (type == "image/png" && IsTransparent(content) && await Opaque(ct) is { } broken) return broken;
        var page = paper.File + ".pdf";
        pages.AddRange([page, "1"]);
        return (await Bounded.Run("img2pdf", ["--rotation=ifvalid", "--imgsize", "300dpix300dpi", "-o", page, paper.File], Limit, 2048, ct)).Fault;
    }

    public bool NeedsLayer(int page) => !own.Contains(page);

    public void Lay(int page, byte[]? layer)
    {
        if (layer is null) return;
        layered.Add(Pages + page - paper.From + 1);
        File.WriteAllBytes(scratch.File($"layer{layered.Count}.pdf"), layer);
    }

    public void Close() => Pages += paper.To - paper.From + 1;

    /// <summary>What tesseract reads of the present paper's page.</summary>
    public async Task<string?> Picture(int page, CancellationToken ct)
    {
        if (paper.Type != "application/pdf") return paper.File;
        var drawn = await Bounded.Run("pdftoppm", ["-r", "300", "-gray", "-f", ArchiveMaker.Number(page), "-l", ArchiveMaker.Number(page), "-singlefile", paper.File, scratch.File("drawn")], Limit, 2048, ct);
        return drawn.Fault is null ? scratch.File("drawn.pgm") : null;
    }

    /// <returns>What went wrong; else <c>bound.pdf</c> is there.</returns>
    public async Task<string?> Bind(CancellationToken ct)
    {
        var plain = layered.Count == 0 ? "bound.pdf" : "plain.pdf";
        if (await Qpdf(["--empty", "--pages", .. pages, "--", scratch.File(plain)], ct) is { } loose) return loose;
        if (layered.Count == 0) return null;
        if (await Qpdf(["--empty", "--pages", .. layered.Select((_, i) => scratch.File($"layer{i + 1}.pdf")), "--", scratch.File("layers.pdf")], ct) is { } broken) return broken;
        return await Qpdf([scratch.File(plain), "--overlay", scratch.File("layers.pdf"), $"--to={string.Join(',', layered)}", "--", scratch.File("bound.pdf")], ct);
    }

    /// <summary>A PNG with an alpha channel (colour types 4 and 6) or a transparent colour.</summary>
    private static bool IsTransparent(ReadOnlySpan<byte> png) => png[25] is 4 or 6 || png[..Math.Min(png.Length, 4096)].IndexOf("tRNS"u8) > 0;

    /// <summary>Without transparency, as a page is.</summary>
    private async Task<string?> Opaque(CancellationToken ct)
    {
        var plain = await Bounded.Run("pngtopnm", ["-quiet", "-mix", "-background", "white", paper.File], Limit, 2048, ct);
        if (plain.Fault is { } broken) return broken;
        await File.WriteAllBytesAsync(paper.File, plain.Output, ct);
        var png = await Bounded.Run("pnmtopng", ["-quiet", paper.File], Limit, 2048, ct);
        if (png.Fault is { } failed) return failed;
        await File.WriteAllBytesAsync(paper.File, png.Output, ct);
        return null;
    }

    private static async Task<string?> Qpdf(string[] arguments, CancellationToken ct) => (await Bounded.Run("qpdf", ["--warning-exit-0", .. arguments], Limit, 2048, ct)).Fault;
}
