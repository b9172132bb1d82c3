using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Sahulat.Office.Sign;

/// <param name="Holds">The whole document but the signature's own place is signed, and nothing of it was changed since. Whether the signer's certificate is trusted is the reader's to say.</param>
/// <param name="Signer">The common name in the certificate.</param>
internal sealed record SignatureSeen(bool Holds, string Signer);

/// <summary>Looks at the last signature of a PDF as a reader does.</summary>
internal static partial class SignatureCheck
{
    /// <returns>Null when there is none.</returns>
    public static SignatureSeen? Of(byte[] pdf)
    {
        if (Range().Matches(Encoding.Latin1.GetString(pdf)) is not { Count: > 0 } found) return null;
        var n = found[^1].Groups.Cast<Group>().Skip(1).Select(g => long.Parse(g.Value, CultureInfo.InvariantCulture)).ToArray();
        var whole = n[0] == 0 && n[1] > 0 && n[2] > n[1] + 2 && n[2] + n[3] == pdf.Length;
        if (!whole) return new SignatureSeen(false, "");
        try
        {
            var place = Convert.FromHexString(Encoding.ASCII.GetString(pdf, (int)n[1] + 1, (int)(n[2] - n[1]) - 2));
            AsnDecoder.ReadEncodedValue(place, AsnEncodingRules.BER, out _, out _, out var length);
            var cms = new SignedCms(new ContentInfo([.. pdf.AsSpan(0, (int)n[1]), .. pdf.AsSpan((int)n[2])]), detached: true);
            cms.Decode(place.AsSpan(0, length));
            var signer = cms.SignerInfos[0].Certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false) ?? "";
            try
            {
                cms.CheckSignature(verifySignatureOnly: true);
                return new SignatureSeen(true, signer);
            }
            catch (CryptographicException)
            {
                return new SignatureSeen(false, signer);
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException or AsnContentException)
        {
            return new SignatureSeen(false, "");
        }
    }

    [GeneratedRegex(@"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]", RegexOptions.NonBacktracking)]
    private static partial Regex Range();
}
