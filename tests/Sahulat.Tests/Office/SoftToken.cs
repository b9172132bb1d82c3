using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Sahulat.Tests.Office;

/// <summary>A PKCS#11 token by SoftHSM, with keys and certificates of officials.</summary>
internal static class SoftToken
{
    public const string Module = "/usr/lib/softhsm/libsofthsm2.so", Pin = "4711";

    private static string? folder;

    /// <summary>Puts the official's key, made here, into the token; one token for the whole run.</summary>
    public static async Task Hold(string label, AsymmetricAlgorithm key, X509Certificate2 certificate)
    {
        if (folder is null)
        {
            folder = Directory.CreateTempSubdirectory("sahulat-token-").FullName;
            await File.WriteAllTextAsync($"{folder}/conf", $"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n");
            // The library reads it from the process's own environment, which the runtime only copies.
            Assert.Equal(0, SetEnvironment("SOFTHSM2_CONF", $"{folder}/conf", 1));
            Environment.SetEnvironmentVariable("SOFTHSM2_CONF", $"{folder}/conf");
            Assert.Contains("has been initialized", await Offices.Run("softhsm2-util", "--init-token", "--free", "--label", "sahulat", "--pin", Pin, "--so-pin", Pin), StringComparison.Ordinal);
        }

        var id = RandomNumberGenerator.GetBytes(8);
        await File.WriteAllTextAsync($"{folder}/key", key.ExportPkcs8PrivateKeyPem());
        Assert.Contains("has been imported", await Offices.Run("softhsm2-util", "--import", $"{folder}/key", "--token", "sahulat", "--label", label, "--id", Convert.ToHexString(id), "--pin", Pin), StringComparison.Ordinal);
        File.Delete($"{folder}/key");
        RuntimeHelpers.RunClassConstructor(typeof(Sahulat.Office.Sign.Token).TypeHandle);
        var factories = new Pkcs11InteropFactories();
        using var library = factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, Module, AppType.MultiThreaded);
        using var session = library.GetSlotList(SlotsType.WithTokenPresent).First(s => s.GetTokenInfo().Label.Trim() == "sahulat").OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_USER, Pin);
        var attribute = session.Factories.ObjectAttributeFactory;
        session.CreateObject([attribute.Create(CKA.CKA_CLASS, CKO.CKO_CERTIFICATE), attribute.Create(CKA.CKA_CERTIFICATE_TYPE, CKC.CKC_X_509), attribute.Create(CKA.CKA_TOKEN, true), attribute.Create(CKA.CKA_LABEL, label), attribute.Create(CKA.CKA_ID, id), attribute.Create(CKA.CKA_SUBJECT, certificate.SubjectName.RawData), attribute.Create(CKA.CKA_VALUE, certificate.RawData)]);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
