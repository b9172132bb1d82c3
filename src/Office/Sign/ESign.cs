using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;
using Microsoft.Extensions.Configuration;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.Sign;

/// <summary>What the official's browser carries to the provider.</summary>
internal sealed record ESignForm(Uri Url, string Txn, string Request);

/// <summary>Form and signatures of an eSign exchange (CCA, eSign API 2.1): the document's SHA-256 goes out in a request signed by this program, the signer proves himself to the provider, and a CMS signature comes back in a signed response.</summary>
/// <remarks><c>Sahulat:ESign:Url</c>, <c>AspId</c>; as PEM files <c>Key</c> (this program's certificate and key), <c>Provider</c> (whose signature responses carry) and <c>Roots</c> (to whom signers' certificates must lead).</remarks>
internal sealed class ESign(IConfiguration configuration, TimeProvider time)
{
    private const int MaxResponse = 1_000_000;

    private readonly IConfigurationSection settings = configuration.GetSection("Sahulat:ESign");

    public bool Offered => settings["Url"] is { Length: > 0 };

    public Uri Url => new(settings["Url"]!);

    /// <param name="about">Shown to the signer by the provider.</param>
    /// <param name="back">Where the provider sends the browser with its response.</param>
    public ESignForm Request(string txn, byte[] digest, string about, Uri back)
    {
        var document = new XmlDocument();
        var root = document.CreateElement("Esign");
        foreach (var (name, value) in new[] { ("ver", "2.1"), ("sc", "Y"), ("ts", time.GetUtcNow().ToOffset(Ist.Offset).ToString("yyyy-MM-dd'T'HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)), ("txn", txn), ("ekycId", ""), ("ekycIdType", "A"), ("aspId", settings["AspId"] ?? ""), ("AuthMode", "1"), ("responseSigType", "pkcs7"), ("responseUrl", back.ToString()) }) root.SetAttribute(name, value);
        var hash = document.CreateElement("InputHash");
        foreach (var (name, value) in new[] { ("id", "1"), ("hashAlgorithm", "SHA256"), ("docInfo", about) }) hash.SetAttribute(name, value);
        hash.InnerText = Convert.ToHexStringLower(digest);
        root.AppendChild(document.CreateElement("Docs"))!.AppendChild(hash);
        document.AppendChild(root);
        using var own = X509Certificate2.CreateFromPemFile(settings["Key"]!);
        using var key = own.GetRSAPrivateKey() ?? throw new SetupException("Sahulat:ESign:Key must hold an RSA key");
        var signed = new SignedXml(document) { SigningKey = key };
        signed.SignedInfo!.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        var reference = new Reference("") { DigestMethod = SignedXml.XmlDsigSHA256Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        signed.AddReference(reference);
        signed.KeyInfo.AddClause(new KeyInfoX509Data(own));
        signed.ComputeSignature();
        root.AppendChild(document.ImportNode(signed.GetXml(), deep: true));
        return new ESignForm(Url, txn, document.OuterXml);
    }

    /// <returns>The response's root, if the provider signed the whole of it; else null.</returns>
    public XmlElement? Genuine(string? response)
    {
        if (response is null || response.Length > MaxResponse) return null;
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new StringReader(response), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            document.Load(reader);
            if (document.DocumentElement is not { Name: "EsignResp" } root || root.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl) is not { Count: 1 } signatures || signatures[0]!.ParentNode != root) return null;
            var signed = new SignedXml(document);
            signed.LoadXml((XmlElement)signatures[0]!);
            if (signed.SignedInfo!.References is not [Reference { Uri: "", DigestMethod: SignedXml.XmlDsigSHA256Url }] || signed.SignatureMethod != SignedXml.XmlDsigRSASHA256Url) return null;
            using var provider = X509CertificateLoader.LoadCertificateFromFile(settings["Provider"]!);
            return signed.CheckSignature(provider, verifySignatureOnly: true) ? root : null;
        }
        catch (Exception e) when (e is XmlException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether the CMS signature is of this document, by a certificate that is valid today and leads to a root.</summary>
    /// <returns>The signed document.</returns>
    public Result<SignedPdf> Embed(PreparedPdf prepared, string signature)
    {
        try
        {
            var bytes = Convert.FromBase64String(signature);
            var cms = new SignedCms(new ContentInfo(prepared.Signed), detached: true);
            cms.Decode(bytes);
            cms.CheckSignature(verifySignatureOnly: true);
            if (cms.SignerInfos is not [{ Certificate: { } signer }]) return OfficeProblems.ESignBad;
            var at = time.GetUtcNow().UtcDateTime;
            if (signer.NotAfter.ToUniversalTime() < at || signer.NotBefore.ToUniversalTime() > at) return OfficeProblems.CertificateExpired;
            using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = at } };
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(settings["Roots"]!);
            chain.ChainPolicy.ExtraStore.AddRange(cms.Certificates);
            if (!chain.Build(signer)) return OfficeProblems.ESignBad;
            return new SignedPdf(prepared.Embed(bytes), Convert.ToHexStringLower(SHA256.HashData(signer.RawData)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or InvalidOperationException)
        {
            return OfficeProblems.ESignBad;
        }
    }
}
