using System.Globalization;
using System.Text.RegularExpressions;
using Sahulat.Office.Intake;
using Sahulat.Office.Papers;

namespace Sahulat.Office.Scan;

/// <param name="Outcome">kept, blank, separator or unreadable.</param>
/// <param name="Image">The page as it is kept: upright, straight, grey, JPEG.</param>
/// <param name="Code">Of a separator sheet.</param>
/// <param name="Read">What stands on it; null when it could not be read in time.</param>
internal sealed record Looked(string Outcome, byte[]? Image = null, string? Code = null, int Turned = 0, double Skew = 0, Recognised? Read = null);

/// <summary>One page of a scan: drawn, told from blank pages and separator sheets, straightened and read. Nearly all pages stand upright, and what is read well does: which way is up is asked only of pages that are read badly, and those are read once more.</summary>
internal static partial class PageLook
{
    public const string Mark = "SAHULAT-SCAN:";

    /// <summary>Letters of print are surer than this at a fifth of the paper's blackness or in a fax; what is not is looked at again.</summary>
    private const double SureEnough = 80;

    /// <summary>Letters of a page that cannot be a separator sheet, which has some two hundred.</summary>
    private const int Full = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <param name="scan">The picture, or the PDF file that holds the page.</param>
    /// <param name="type">Of the scan: image/jpeg, image/png, or anything else for a PDF file.</param>
    /// <param name="limit">How long reading it may take.</param>
    public static async Task<Looked> At(string scan, string type, int page, string lang, TimeSpan limit, CancellationToken ct)
    {
        using var scratch = new Scratch();
        if (await Drawn(scan, type, page, scratch, ct) is not { } image) return new Looked("unreadable");
        if (image.IsBlank()) return new Looked("blank");
        var turned = 0;
        var (straight, skew) = Straight(image);
        var read = await Read(scratch, straight, whole: false, lang, limit, ct);
        // A separator sheet has a few lines: a page full of text is none, and is not searched for a code.
        if (read.Fault is not null || read.Text.Length < Full)
        {
            var small = await Laid(scratch, "small.pgm", image.Shrink(Math.Max(1, image.Width / 900)), ct);
            if (await Bounded.Run("zbarimg", ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", small], Limit, 1024, ct) is { Fault: null } code && Separator().Match(code.Text) is { Success: true } found) return new Looked("separator", Code: found.Groups[1].Value);
        }

        if (read is { Fault: null } && (read.Sure < SureEnough || read.Sideways))
        {
            turned = await Turned(scratch, image, ct);
            if (turned != 0) (straight, skew) = Straight(image.Turn(turned));
            // Small print may need every point that the scanner saw.
            var again = await Read(scratch, straight, whole: true, lang, limit, ct);
            if (turned != 0 || again is { Fault: null } && again.Sure > read.Sure) read = again;
        }

        var jpeg = await Bounded.Run("pnmtojpeg", ["-quality=80", await Laid(scratch, "straight.pgm", straight, ct)], Limit, 1024, ct);
        return jpeg.Fault is null ? new Looked("kept", jpeg.Output, null, turned, skew, read is { Fault: null } ? read : null) : new Looked("unreadable");
    }

    /// <summary>A picture of 600 points an inch is taken down to 300: no more is read or kept of a page. Its colours are too much to hold and lie in a file.</summary>
    private static async Task<Grey?> Drawn(string scan, string type, int page, Scratch scratch, CancellationToken ct)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        if (type is not ("image/jpeg" or "image/png"))
        {
            var drawn = await Bounded.Run("pdftoppm", ["-r", "300", "-gray", "-f", number, "-l", number, "-singlefile", scan, scratch.File("page")], Limit, 2048, ct);
            return drawn.Fault is null && File.Exists(scratch.File("page.pgm")) ? Grey.Load(scratch.File("page.pgm")) : null;
        }

        var (colour, deep) = (scratch.File("colour"), scratch.File("deep"));
        if ((await Bounded.Run(type == "image/jpeg" ? "jpegtopnm" : "pngtopnm", ["-quiet", scan], Limit, 2048, ct, colour)).Fault is not null) return null;
        // Of other depths than eight bits a point: faxes have one, some scanners sixteen.
        var grey = Grey.Load(colour) ?? ((await Bounded.Run("pamdepth", ["-quiet", "255", colour], Limit, 2048, ct, deep)).Fault is null ? Grey.Load(deep) : null);
        File.Delete(colour);
        return grey?.Shrink(Math.Max(1, (Math.Min(grey.Width, grey.Height) + 124) / 2480));
    }

    private static (Grey Straight, double Skew) Straight(Grey image)
    {
        var skew = image.Skew();
        return (image.Straighten(skew), skew);
    }

    /// <summary>Letters of Latin and Devanagari are read as well at 150 points an inch as at 300, those of Urdu at 200, and quicker (docs/load.md has the figures).</summary>
    private static async Task<Recognised> Read(Scratch scratch, Grey image, bool whole, string lang, TimeSpan limit, CancellationToken ct)
    {
        var (read, dpi) = whole || image.Width <= 2000 ? (image, 300) : lang is "ur" or "ks" ? (image.TwoThirds(), 200) : (image.Shrink(2), 150);
        return await Recognition.Read(await Laid(scratch, "read.pgm", read, ct), lang, limit, ct, dpi);
    }

    /// <summary>By how much the page must be turned to stand upright; a page with little text stays as it is. Half the points tell it as well, in a quarter of the time.</summary>
    private static async Task<int> Turned(Scratch scratch, Grey image, CancellationToken ct)
    {
        var half = await Laid(scratch, "half.pgm", image.Shrink(image.Width > 1800 ? 2 : 1), ct);
        var seen = await Bounded.Run("tesseract", [half, "stdout", "--psm", "0", "--dpi", "150", "-c", "min_characters_to_try=30"], Limit, 2048, ct);
        if (seen.Fault is not null) return 0;
        var turn = Rotate().Match(seen.Text) is { Success: true } r ? int.Parse(r.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        var sure = Confidence().Match(seen.Text) is { Success: true } c && double.Parse(c.Groups[1].Value, CultureInfo.InvariantCulture) > 2;
        return sure && turn is 90 or 180 or 270 ? turn : 0;
    }

    private static async Task<string> Laid(Scratch scratch, string name, Grey image, CancellationToken ct)
    {
        await File.WriteAllBytesAsync(scratch.File(name), image.Write(), ct);
        return scratch.File(name);
    }

    [GeneratedRegex(@"SAHULAT-SCAN:([A-Z2-9]{10})")]
    private static partial Regex Separator();

    [GeneratedRegex(@"^Rotate: (\d+)", RegexOptions.Multiline)]
    private static partial Regex Rotate();

    [GeneratedRegex(@"^Orientation confidence: ([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Confidence();
}
