using Microsoft.Extensions.Configuration;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Catalogue.Exchange;

/// <summary>The key with which this installation signs its packs, derived from the key file, so that every node signs alike.</summary>
internal sealed class PackIdentity(Vault vault, IConfiguration configuration)
{
    private readonly byte[] seed = vault.Derive("catalogue.packs");

    /// <summary>Setting <c>Sahulat:PackOrigin</c>: the name under which others know this installation.</summary>
    public string Origin { get; } = configuration["Sahulat:PackOrigin"] ?? (configuration["Sahulat:LogOrigin"] is { } log ? log.Split('/')[0] : "sahulat.localhost");

    public byte[] Key => Ed25519.PublicKey(seed);

    public string Fingerprint => PackFile.Fingerprint(Key);

    public byte[] Sign(PackStatement statement) => PackFile.Write(statement, Key, message => Ed25519.Sign(seed, message));
}
