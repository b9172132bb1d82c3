using Sahulat.Office.Papers;

namespace Sahulat.Office.Scan;

/// <param name="Layer">A PDF page of the picture's size that shows nothing and holds each word where it stands.</param>
internal sealed record Recognised(string? Fault, string Text, byte[] Layer)
{
    public static string LayerContext(Guid paper, int page) => $"office.page/{paper:N}/{page}/layer";
}

/// <summary>Text and text layer of a picture, in one run of tesseract.</summary>
internal static class Recognition
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task<Recognised> Read(string image, string lang, CancellationToken ct)
    {
        using var scratch = new Scratch();
        var read = await Bounded.Run("tesseract", [image, scratch.File("read"), "-l", Model(lang), "--oem", "1", "--dpi", "300", "-c", "textonly_pdf=1", "txt", "pdf"], Limit, 2048, ct);
        if (read.Fault is not null) return new Recognised(read.Fault, "", []);
        var text = await File.ReadAllTextAsync(scratch.File("read.txt"), ct);
        return new Recognised(null, text.Replace("\f", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal).Trim(), await File.ReadAllBytesAsync(scratch.File("read.pdf"), ct));
    }

    /// <summary>Hindi's own model drops the digit 1; the script's model keeps it. Urdu letters hold English numbers and names.</summary>
    private static string Model(string lang) => lang switch { "hi" => "Devanagari+eng", "ur" => "urd+eng", _ => "eng" };
}
