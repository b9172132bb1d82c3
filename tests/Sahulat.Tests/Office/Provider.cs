using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text.RegularExpressions;
using System.Xml;

namespace Sahulat.Tests.Office;

/// <summary>An eSign provider: believes only a request that the application signed, signs the hash for the signer without seeing the document, and signs its response.</summary>
internal sealed partial class Provider
{
    private readonly string folder;
    private readonly X509Certificate2 root, own, application;
    private readonly DateTimeOffset now;

    public Provider(string folder, DateTimeOffset now)
    {
        (this.folder, this.now) = (folder, now);
        root = Issue("CN=Test CA", null, 3650);
        own = Issue("CN=Test eSign provider", root, 3650);
        application = Issue("CN=Sahulat", root, 3650);
        Write("roots.pem", root.ExportCertificatePem());
        Write("provider.pem", own.ExportCertificatePem());
        Write("own.pem", application.ExportCertificatePem() + "\n" + application.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public Dictionary<string, string?> Settings => new() { ["Sahulat:ESign:Url"] = "https://esign.example.in/2.1/form/signdoc", ["Sahulat:ESign:AspId"] = "SAHULAT-001", ["Sahulat:ESign:Key"] = Path.Combine(folder, "own.pem"), ["Sahulat:ESign:Provider"] = Path.Combine(folder, "provider.pem"), ["Sahulat:ESign:Roots"] = Path.Combine(folder, "roots.pem") };

    public X509Certificate2 Root => root;

    /// <summary>The request that the page's form carries.</summary>
    public static XmlElement Asked(string page)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(WebUtility.HtmlDecode(Request().Match(page).Groups[1].Value));
        return document.DocumentElement!;
    }

    /// <summary>Checks the request and answers it.</summary>
    /// <param name="signer">Whose certificate and key sign the hash.</param>
    /// <param name="by">Who signs the response; this provider when not given.</param>
    public string Answer(XmlElement asked, X509Certificate2 signer, string status = "1", X509Certificate2? by = null)
    {
        var check = new SignedXml(asked.OwnerDocument);
        check.LoadXml((XmlElement)asked.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!);
        Assert.True(check.CheckSignature(application, verifySignatureOnly: true));
        Assert.Equal("SAHULAT-001", asked.GetAttribute("aspId"));
        var hash = Convert.FromHexString(asked.GetElementsByTagName("InputHash")[0]!.InnerText);
        var signature = status == "1" ? $"<Signatures><DocSignature id=\"1\" sigHashAlgorithm=\"SHA256\">{Convert.ToBase64String(Cms(hash, signer))}</DocSignature></Signatures>" : "";
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml($"<EsignResp ver=\"2.1\" status=\"{status}\" ts=\"2026-11-02T10:00:00\" txn=\"{asked.GetAttribute("txn")}\" resCode=\"1\" errCode=\"NA\" errMsg=\"NA\">{signature}</EsignResp>");
        var signed = new SignedXml(document) { SigningKey = (by ?? own).GetRSAPrivateKey() };
        signed.SignedInfo!.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        var whole = new Reference("") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        whole.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        signed.AddReference(whole);
        signed.ComputeSignature();
        document.DocumentElement!.AppendChild(document.ImportNode(signed.GetXml(), deep: true));
        return document.OuterXml;
    }

    /// <summary>A certificate with its key.</summary>
    public X509Certificate2 Issue(string name, X509Certificate2? by, double days)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(by is null, false, 0, true));
        if (by is null) return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(days + 1));
        using var issued = request.Create(by, now.AddDays(-1), now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>A detached CMS signature over a hash (RFC 5652).</summary>
    private static byte[] Cms(byte[] hash, X509Certificate2 signer)
    {
        const string signedData = "1.2.840.113549.1.7.2", data = "1.2.840.113549.1.7.1", sha256 = "2.16.840.1.101.3.4.2.1", rsa = "1.2.840.113549.1.1.1";
        var attributes = new AsnWriter(AsnEncodingRules.DER);
        using (attributes.PushSetOf())
        {
            Attribute(attributes, "1.2.840.113549.1.9.3", w => w.WriteObjectIdentifier(data));
            Attribute(attributes, "1.2.840.113549.1.9.4", w => w.WriteOctetString(hash));
        }

        var set = attributes.Encode();
        using var key = signer.GetRSAPrivateKey()!;
        var value = key.SignData(set, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var cms = new AsnWriter(AsnEncodingRules.DER);
        using (cms.PushSequence())
        {
            cms.WriteObjectIdentifier(signedData);
            using (cms.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (cms.PushSequence())
            {
                cms.WriteInteger(1);
                using (cms.PushSetOf()) Algorithm(cms, sha256);
                using (cms.PushSequence()) cms.WriteObjectIdentifier(data);
                using (cms.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0))) cms.WriteEncodedValue(signer.RawData);
                using (cms.PushSetOf())
                using (cms.PushSequence())
                {
                    cms.WriteInteger(1);
                    using (cms.PushSequence())
                    {
                        cms.WriteEncodedValue(signer.IssuerName.RawData);
                        cms.WriteInteger(signer.SerialNumberBytes.Span);
                    }

                    Algorithm(cms, sha256);
                    // As signed, but with the implicit tag.
                    set[0] = 0xA0;
                    cms.WriteEncodedValue(set);
                    Algorithm(cms, rsa);
                    cms.WriteOctetString(value);
                }
            }
        }

        return cms.Encode();
    }

    private static void Attribute(AsnWriter writer, string type, Action<AsnWriter> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSetOf()) value(writer);
        }
    }

    private static void Algorithm(AsnWriter writer, string oid)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteNull();
        }
    }

    private void Write(string name, string pem) => File.WriteAllText(Path.Combine(folder, name), pem);

    [GeneratedRegex("name=\"eSignRequest\" value=\"([^\"]+)\"")]
    private static partial Regex Request();
}
