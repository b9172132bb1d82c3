using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Sahulat.Office.Sign;

/// <summary>A PDF prepared for signing: everything but the signature's own bytes is final.</summary>
/// <param name="Gap">Offset of the hexadecimal gap, its opening bracket included.</param>
internal sealed record PreparedPdf(byte[] Bytes, int Gap, int GapLength)
{
    /// <summary>What is signed: all bytes but the gap.</summary>
    public byte[] Signed => [.. Bytes.AsSpan(0, Gap), .. Bytes.AsSpan(Gap + GapLength)];

    public byte[] Digest => SHA256.HashData(Signed);

    public byte[] Embed(byte[] signature)
    {
        var hex = Convert.ToHexString(signature);
        if (hex.Length > GapLength - 2) throw new InvalidOperationException("the signature is larger than its place");
        var bytes = (byte[])Bytes.Clone();
        Encoding.ASCII.GetBytes(hex).CopyTo(bytes.AsSpan(Gap + 1));
        return bytes;
    }
}

/// <summary>PAdES baseline B-B (ETSI EN 319 142-1) in two phases, so that a soft key, a token and eSign share the first: an incremental update after the bytes that are there, which stay as they are.</summary>
internal static partial class PdfSignature
{
    /// <summary>Hexadecimal digits kept free for the signature.</summary>
    private const int Room = 32_768;

    public static PreparedPdf Prepare(byte[] pdf, string name, DateTimeOffset at)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var previous = LastMatch(StartXref(), text, "startxref").Groups[1].Value;
        var trailer = text[LastIndexOf(text, "trailer")..];
        var (root, size) = (int.Parse(Match(RootOf(), trailer), CultureInfo.InvariantCulture), int.Parse(Match(SizeOf(), trailer), CultureInfo.InvariantCulture));
        var id = IdOf().Match(trailer) is { Success: true } found ? found.Value : "";
        var catalogue = Body(text, root);
        var page = FirstPage(text, catalogue);
        var (sig, field, look) = (size, size + 1, size + 2);
        var pageBody = Body(text, page);
        pageBody = pageBody.Contains("/Annots", StringComparison.Ordinal) && AnnotsOf().IsMatch(pageBody)
            ? AnnotsOf().Replace(pageBody, m => $"{m.Value} {field} 0 R ", 1)
            : InsertAtEnd(pageBody, $"/Annots [{field} 0 R]");
        if (catalogue.Contains("/AcroForm", StringComparison.Ordinal)) throw new NotSupportedException("the document has a form already");
        catalogue = InsertAtEnd(catalogue, $"/AcroForm << /Fields [{field} 0 R] /SigFlags 3 >>");

        var update = new StringBuilder();
        var offsets = new SortedDictionary<int, int>();
        update.Append('\n');
        void Object(int number, string body)
        {
            offsets[number] = pdf.Length + update.Length;
            update.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{body}\nendobj\n");
        }

        Object(root, catalogue);
        Object(page, pageBody);
        Object(look, "<< /Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0 >>\nstream\n\nendstream");
        Object(field, $"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V {sig} 0 R /P {page} 0 R /Rect [0 0 0 0] /F 132 /AP << /N {look} 0 R >> >>");
        var moment = at.UtcDateTime.ToString("'D:'yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
        const string range = "/ByteRange [0 0000000000 0000000000 0000000000]";
        Object(sig, $"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name <{Utf16(name)}> /M ({moment}) {range} /Contents <{new string('0', Room)}> >>");
        var xref = pdf.Length + update.Length;
        update.Append("xref\n");
        foreach (var (number, offset) in offsets) update.Append(CultureInfo.InvariantCulture, $"{number} 1\n{offset:D10} 00000 n \n");
        update.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {size + 3} /Root {root} 0 R /Prev {previous} {id} >>\nstartxref\n{xref}\n%%EOF\n");

        byte[] bytes = [.. pdf, .. Encoding.Latin1.GetBytes(update.ToString())];
        var gap = offsets[sig] + bytes.AsSpan(offsets[sig]).IndexOf("/Contents <"u8) + "/Contents ".Length;
        var length = Room + 2;
        var ranged = string.Create(CultureInfo.InvariantCulture, $"/ByteRange [0 {gap:D10} {gap + length:D10} {bytes.Length - gap - length:D10}]");
        var place = offsets[sig] + bytes.AsSpan(offsets[sig]).IndexOf("/ByteRange"u8);
        Encoding.ASCII.GetBytes(ranged).CopyTo(bytes.AsSpan(place));
        return new PreparedPdf(bytes, gap, length);
    }

    /// <summary>A detached CMS signature with the signing-certificate-v2 attribute that PAdES asks for.</summary>
    /// <param name="key">Null where the certificate carries it.</param>
    public static byte[] Cms(PreparedPdf prepared, X509Certificate2 certificate, AsymmetricAlgorithm? key = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
            writer.WriteOctetString(SHA256.HashData(certificate.RawData));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate, key) { DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"), IncludeOption = X509IncludeOption.EndCertOnly };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.16.2.47"), writer.Encode()));
        var cms = new SignedCms(new ContentInfo(prepared.Signed), detached: true);
        cms.ComputeSignature(signer);
        return cms.Encode();
    }

    private static string Utf16(string name) => "FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(name));

    private static int FirstPage(string text, string catalogue)
    {
        var node = int.Parse(Match(PagesOf(), catalogue), CultureInfo.InvariantCulture);
        for (var depth = 0; depth < 30; depth++)
        {
            var body = Body(text, node);
            if (KidsOf().Match(body) is not { Success: true } kids) return node;
            node = int.Parse(kids.Groups[1].Value, CultureInfo.InvariantCulture);
        }

        throw new NotSupportedException("the document has no page");
    }

    /// <summary>The newest version of an object, without <c>obj</c> and <c>endobj</c>.</summary>
    private static string Body(string text, int number)
    {
        var head = $"\n{number} 0 obj";
        var at = text.LastIndexOf(head, StringComparison.Ordinal);
        if (at < 0) throw new NotSupportedException("the document keeps its objects packed");
        var from = at + head.Length;
        return text[from..text.IndexOf("endobj", from, StringComparison.Ordinal)].Trim();
    }

    private static string InsertAtEnd(string dictionary, string entry) => dictionary[..dictionary.LastIndexOf(">>", StringComparison.Ordinal)] + $"\n{entry} >>";

    private static int LastIndexOf(string text, string what) => text.LastIndexOf(what, StringComparison.Ordinal) is var at and >= 0 ? at : throw new NotSupportedException($"the document has no {what}");

    private static Match LastMatch(Regex regex, string text, string what) => regex.Matches(text) is { Count: > 0 } all ? all[^1] : throw new NotSupportedException($"the document has no {what}");

    private static string Match(Regex regex, string text) => regex.Match(text) is { Success: true } m ? m.Groups[1].Value : throw new NotSupportedException("the document is not built as expected");

    [GeneratedRegex(@"startxref\s+(\d+)")]
    private static partial Regex StartXref();

    [GeneratedRegex(@"/Root (\d+) 0 R")]
    private static partial Regex RootOf();

    [GeneratedRegex(@"/Size (\d+)")]
    private static partial Regex SizeOf();

    [GeneratedRegex(@"/ID\s*\[[^\]]*\]")]
    private static partial Regex IdOf();

    [GeneratedRegex(@"/Pages (\d+) 0 R")]
    private static partial Regex PagesOf();

    [GeneratedRegex(@"/Kids\s*\[\s*(\d+) 0 R")]
    private static partial Regex KidsOf();

    [GeneratedRegex(@"/Annots\s*\[")]
    private static partial Regex AnnotsOf();
}
