using Microsoft.AspNetCore.Http;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;

namespace Sahulat.Office.Papers;

/// <summary>Papers that come from outside with a letter: asked about at the virus scanner, and, where a scanner of pages wrote a TIFF file, made a PDF file of the same pages.</summary>
internal sealed class PapersIn(Clam clam)
{
    public const int Most = 20, MostMegabytes = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <returns>One paper a file, in their order, or the first refusal; nothing is kept by it.</returns>
    public async Task<Result<List<IncomingPaper>>> Read(string field, IReadOnlyList<IFormFile> files, CancellationToken ct)
    {
        if (files.Count > Most) return Problem.Invalid([new Fault(field, "too-many", Most)]);
        var papers = new List<IncomingPaper>();
        foreach (var file in files)
        {
            if (file.Length > OfficePapers.MaxMegabytes * 1024L * 1024) return Problem.Invalid([new Fault(field, "file-too-large", OfficePapers.MaxMegabytes)]);
            using var memory = new MemoryStream((int)file.Length);
            await file.CopyToAsync(memory, ct);
            var content = memory.ToArray();
            if (await clam.Fault(field, content, ct) is { } found) return found;
            if (Tiff.Is(content))
            {
                if (!Tiff.IsWhole(content)) return Problem.Invalid([new Fault(field, "file-cut-off")]);
                if (await AsPdf(content, ct) is not { } pdf) return Problem.Invalid([new Fault(field, "file-unsafe")]);
                content = pdf;
            }

            var read = await OfficePapers.Read(field, content, file.FileName, ct);
            if (!read.Ok) return read.Problem is { Faults: [{ Code: "file-wrong-type" }] } ? Problem.Invalid([new Fault(field, "scan-wrong-type")]) : read.Problem;
            papers.Add(read.Value);
        }

        return papers;
    }

    private static async Task<byte[]?> AsPdf(byte[] tiff, CancellationToken ct)
    {
        using var scratch = new Scratch();
        await File.WriteAllBytesAsync(scratch.File("in.tif"), tiff, ct);
        var made = await Bounded.Run("tiff2pdf", ["-z", "-o", scratch.File("out.pdf"), scratch.File("in.tif")], Limit, 3072, ct);
        return made.Fault is null && File.Exists(scratch.File("out.pdf")) ? await File.ReadAllBytesAsync(scratch.File("out.pdf"), ct) : null;
    }
}
