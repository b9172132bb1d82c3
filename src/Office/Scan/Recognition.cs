using System.Globalization;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Scan;

/// <param name="Layer">A PDF page of the picture's size that shows nothing and holds each word where it stands.</param>
/// <param name="Sure">How sure tesseract is of its letters, 0 to 100: over 85 for print that stands upright, also when it is faint; 20 to 35 upside down; about 50 for Nastaliq, which it reads badly.</param>
/// <param name="Places">Each word with the place where it stands on the page (<see cref="WordPlaces"/>).</param>
/// <param name="Sideways">Most words are taller than they are wide: the page lies on its side, and was read all the same.</param>
internal sealed record Recognised(string? Fault, string Text, byte[] Layer, string Places = "", double Sure = 0, bool Sideways = false)
{
    public static string LayerContext(Guid paper, int page) => $"office.page/{paper:N}/{page}/layer";

    public static string PlacesContext(Guid paper, int page) => $"office.page/{paper:N}/{page}/places";
}

/// <summary>Text and text layer of a picture, in one run of tesseract.</summary>
internal static class Recognition
{
    /// <param name="dpi">Points an inch of the picture: the layer gets the page's size from it.</param>
    public static async Task<Recognised> Read(string image, string lang, TimeSpan limit, CancellationToken ct, int dpi = 300)
    {
        using var scratch = new Scratch();
        var read = await Bounded.Run("tesseract", [image, scratch.File("read"), "-l", Model(lang), "--oem", "1", "--dpi", dpi.ToString(CultureInfo.InvariantCulture), "-c", "textonly_pdf=1", "txt", "pdf", "tsv"], limit, 2048, ct);
        if (read.Fault is not null) return new Recognised(read.Fault, "", []);
        var text = await File.ReadAllTextAsync(scratch.File("read.txt"), ct);
        var table = await File.ReadAllLinesAsync(scratch.File("read.tsv"), ct);
        var (sure, sideways) = Judge(table);
        return new Recognised(null, text.Replace("\f", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal).Trim(), await File.ReadAllBytesAsync(scratch.File("read.pdf"), ct), WordPlaces.Write(table.Skip(1).Select(l => l.Split('\t'))), sure, sideways);
    }

    /// <param name="table">Tesseract's table: a head, then a line for each block, paragraph, line and (level 5) word, with its box, confidence and text.</param>
    internal static (double Sure, bool Sideways) Judge(IEnumerable<string> table)
    {
        var words = table.Skip(1).Select(l => l.Split('\t')).Where(f => f is ["5", .., _, _] && f.Length == 12 && f[11].Trim().Length > 0)
            .Select(f => (Width: Number(f[8]), Height: Number(f[9]), Sure: Number(f[10]), Letters: f[11].Trim().Length)).ToList();
        var letters = words.Sum(w => w.Letters);
        var sideways = words.Where(w => w.Letters > 2).Sum(w => w.Height > w.Width ? 1 : -1) > 0;
        return (letters == 0 ? 0 : words.Sum(w => w.Sure * w.Letters) / letters, sideways);
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    /// <summary>Hindi's own model drops the digit 1; the script's model keeps it. Urdu letters hold English numbers and names.</summary>
    private static string Model(string lang) => lang switch { "hi" => "Devanagari+eng", "ur" => "urd+eng", _ => "eng" };
}
