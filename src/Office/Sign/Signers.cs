using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Net.Pkcs11Interop.Common;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Office.Sign;

internal sealed record SignedPdf(byte[] Bytes, string Certificate);

/// <summary>Signs with the official's key in the token, where there is one. Else with a soft key, made when he first signs and sealed under a key of his own: for development and for offices without tokens, since nobody but this program vouches for it.</summary>
internal sealed class Signers(Token token, IOfficials officials, Seals seals, TimeProvider time)
{
    public static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    public async Task<Result<SignedPdf>> Sign(Work work, OfficialCaller who, byte[] pdf)
    {
        var at = time.GetUtcNow();
        var name = (await officials.Names([who.Id], work.Cancelled)).GetValueOrDefault(who.Id)?.SignIn;
        try
        {
            if (name is not null && token.With(name, (held, key) => Sign(pdf, who, held, key, at)) is { } signed) return signed;
        }
        catch (Pkcs11Exception)
        {
            return OfficeProblems.TokenAway;
        }

        using var certificate = await Certificate(work, who, at);
        return Sign(pdf, who, certificate, null, at);
    }

    /// <param name="key">Null where the certificate carries it.</param>
    private static Result<SignedPdf> Sign(byte[] pdf, OfficialCaller who, X509Certificate2 certificate, AsymmetricAlgorithm? key, DateTimeOffset at)
    {
        if (certificate.NotAfter.ToUniversalTime() < at.UtcDateTime || certificate.NotBefore.ToUniversalTime() > at.UtcDateTime) return OfficeProblems.CertificateExpired;
        var prepared = PdfSignature.Prepare(pdf, who.Name, at);
        return new SignedPdf(prepared.Embed(PdfSignature.Cms(prepared, certificate, key)), Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
    }

    /// <summary>A new key in place of one that has expired.</summary>
    public async Task Renew(Work work, OfficialCaller who, Actor by)
    {
        var at = time.GetUtcNow();
        using var certificate = await Make(work, who, at);
        await work.Append($"signer/{who.Id:N}", null, new SoftKeyRenewed(Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)), Ist.DateIn(at + Validity)), by, at);
    }

    private async Task<X509Certificate2> Certificate(Work work, OfficialCaller who, DateTimeOffset at)
    {
        var row = await work.One<(byte[]? Certificate, byte[] Key)>("select certificate, key from office.signer where official = @Id", new { who.Id });
        if (row.Certificate is null) return await Make(work, who, at);
        var seal = await seals.Key(work, who.Id);
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(seals.Vault.Open(seal, row.Key, Context(who.Id)), out _);
        using var bare = X509CertificateLoader.LoadCertificate(row.Certificate);
        return bare.CopyWithPrivateKey(key);
    }

    private async Task<X509Certificate2> Make(Work work, OfficialCaller who, DateTimeOffset at)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(who.Name.Length is > 0 and <= 64 ? who.Name : "Official");
        subject.AddOrganizationName("Sahulat soft key");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, true));
        var certificate = request.CreateSelfSigned(at.AddMinutes(-5), at + Validity);
        var seal = await seals.Key(work, who.Id);
        await work.Execute("""
            insert into office.signer (official, certificate, key, not_after) values (@Id, @RawData, @key, @until)
            on conflict (official) do update set certificate = excluded.certificate, key = excluded.key, not_after = excluded.not_after
            """, new { who.Id, certificate.RawData, key = seals.Vault.Seal(seal, key.ExportPkcs8PrivateKey(), Context(who.Id)), until = at + Validity });
        return certificate;
    }

    private static string Context(Guid official) => $"office.signer/{official:N}";
}
