using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Access.Keys;

/// <summary>The keys of cookies and form tokens, shared by all nodes: in the database, sealed under a key that only holders of the vault's look-up key can derive.</summary>
internal sealed class ProtectionKeys(Database database, Vault vault) : IXmlRepository
{
    private byte[] Key => vault.BlindIndex("access.protection-key", "1");

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. database.Query<byte[]>("select xml from access.protection_key").GetAwaiter().GetResult().Select(Open)];

    public void StoreElement(XElement element, string friendlyName) =>
        database.Execute("insert into access.protection_key (name, xml) values (@name, @xml) on conflict (name) do update set xml = excluded.xml", new { name = friendlyName, xml = Seal(element) }).GetAwaiter().GetResult();

    private byte[] Seal(XElement element)
    {
        var plain = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[12 + plain.Length + 16];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var aes = new AesGcm(Key, 16);
        aes.Encrypt(sealedBytes.AsSpan(0, 12), plain, sealedBytes.AsSpan(12, plain.Length), sealedBytes.AsSpan(12 + plain.Length));
        return sealedBytes;
    }

    private XElement Open(byte[] sealedBytes)
    {
        var plain = new byte[sealedBytes.Length - 28];
        using var aes = new AesGcm(Key, 16);
        aes.Decrypt(sealedBytes.AsSpan(0, 12), sealedBytes.AsSpan(12, plain.Length), sealedBytes.AsSpan(12 + plain.Length), plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
