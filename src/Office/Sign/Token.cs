using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Sahulat.Office.Sign;

/// <summary>Keys of officials in a PKCS#11 token of the server (a hardware security module): <c>Sahulat:Token:Module</c> is the path of its library, <c>Sahulat:Token:Pin</c> its PIN. Certificate and key of an official are labelled with his sign-in name.</summary>
internal sealed class Token(IConfiguration configuration) : IDisposable
{
    /// <summary>The interop package asks for <c>libdl</c> by the name that only development packages install.</summary>
    static Token() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, (name, _, _) => name == "libdl" && OperatingSystem.IsLinux() ? NativeLibrary.Load("libdl.so.2") : IntPtr.Zero);

    private readonly Pkcs11InteropFactories factories = new();
    private readonly Lock loading = new();
    private IPkcs11Library? library;

    /// <param name="use">Given the certificate, and its private key, which stays in the token.</param>
    /// <returns>Default when there is no token, or it has nothing of this label.</returns>
    /// <exception cref="Pkcs11Exception">The token does not answer, or refuses the PIN.</exception>
    public T? With<T>(string label, Func<X509Certificate2, AsymmetricAlgorithm, T> use) where T : class
    {
        if (configuration["Sahulat:Token:Module"] is not { Length: > 0 } module) return null;
        foreach (var slot in Library(module).GetSlotList(SlotsType.WithTokenPresent))
        {
            if (!slot.GetTokenInfo().TokenFlags.TokenInitialized) continue;
            using var session = slot.OpenSession(SessionType.ReadOnly);
            SignIn(session);
            if (One(session, CKO.CKO_CERTIFICATE, session.Factories.ObjectAttributeFactory.Create(CKA.CKA_LABEL, label)) is not { } found) continue;
            var values = session.GetAttributeValue(found, [CKA.CKA_VALUE, CKA.CKA_ID]);
            if (One(session, CKO.CKO_PRIVATE_KEY, session.Factories.ObjectAttributeFactory.Create(CKA.CKA_ID, values[1].GetValueAsByteArray())) is not { } key) continue;
            using var certificate = X509CertificateLoader.LoadCertificate(values[0].GetValueAsByteArray());
            byte[] Sign(CKM how, byte[] data)
            {
                using var mechanism = session.Factories.MechanismFactory.Create(how);
                return session.Sign(mechanism, key, data);
            }

            using AsymmetricAlgorithm handle = certificate.GetRSAPublicKey() is { } rsa ? new TokenRsa(rsa, data => Sign(CKM.CKM_RSA_PKCS, data)) : new TokenEcdsa(certificate.GetECDsaPublicKey()!, hash => Sign(CKM.CKM_ECDSA, hash));
            return use(certificate, handle);
        }

        return null;
    }

    public void Dispose() => library?.Dispose();

    private IPkcs11Library Library(string module)
    {
        lock (loading) return library ??= factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, module, AppType.MultiThreaded);
    }

    /// <summary>The PIN holds for every session of the program until it ends.</summary>
    private void SignIn(ISession session)
    {
        try
        {
            session.Login(CKU.CKU_USER, configuration["Sahulat:Token:Pin"] ?? "");
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
        }
    }

    private static IObjectHandle? One(ISession session, CKO kind, IObjectAttribute wanted) =>
        session.FindAllObjects([session.Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, kind), wanted]) is [var one, ..] ? one : null;

    /// <summary>RSASSA-PKCS1-v1_5: the token pads and signs, the DigestInfo before the hash is made here (RFC 8017, 9.2).</summary>
    private sealed class TokenRsa(RSA known, Func<byte[], byte[]> sign) : RSA
    {
        private static readonly byte[] Sha256 = Convert.FromHexString("3031300d060960864801650304020105000420");

        public override int KeySize => known.KeySize;

        public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
            hashAlgorithm == HashAlgorithmName.SHA256 && padding == RSASignaturePadding.Pkcs1 ? sign([.. Sha256, .. hash]) : throw new CryptographicException("the token signs SHA-256 with PKCS #1 padding only");

        public override RSAParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters ? throw new CryptographicException("the key stays in the token") : known.ExportParameters(false);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) known.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class TokenEcdsa(ECDsa known, Func<byte[], byte[]> sign) : ECDsa
    {
        public override int KeySize => known.KeySize;

        public override byte[] SignHash(byte[] hash) => sign(hash);

        public override bool VerifyHash(byte[] hash, byte[] signature) => known.VerifyHash(hash, signature);

        public override ECParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters ? throw new CryptographicException("the key stays in the token") : known.ExportParameters(false);

        protected override void Dispose(bool disposing)
        {
            if (disposing) known.Dispose();
            base.Dispose(disposing);
        }
    }
}
