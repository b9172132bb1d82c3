using Microsoft.Extensions.Configuration;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Transparency.Tree;

/// <summary>The log's name and key. The key is derived from the key file, so that every node signs alike.</summary>
internal sealed class LogIdentity(Vault vault, IConfiguration configuration)
{
    private readonly byte[] seed = vault.Derive("transparency.log");

    /// <summary>Setting <c>Sahulat:LogOrigin</c>: a name without scheme under the operator's own domain; it may never change.</summary>
    public string Origin { get; } = configuration["Sahulat:LogOrigin"] ?? "sahulat.localhost/journal";

    public LogKey Key => new(Origin, Ed25519.PublicKey(seed));

    public string Sign(long size, byte[] root) => new Checkpoint(Origin, size, root).Sign(seed);
}
