namespace Sahulat.Kernel.Vault;

/// <summary>A person's key for one retention class, unwrapped. Only the vault makes it; it is never written anywhere.</summary>
public sealed class SubjectKey
{
    internal SubjectKey(Guid subject, string retention, byte[] key) => (Subject, Retention, Key) = (subject, retention, key);

    public Guid Subject { get; }

    public string Retention { get; }

    internal byte[] Key { get; }

    public override string ToString() => $"{Retention} key of {Subject:N}";
}

/// <summary>The person's keys were destroyed: nothing can be sealed for them again.</summary>
public sealed class SubjectErasedException(Guid subject) : Exception($"subject {subject:N} was erased")
{
    public Guid Subject { get; } = subject;
}

/// <summary>Where the master keys are. The default lies below the data folder.</summary>
public sealed class VaultOptions
{
    public required string KeyFile { get; set; }
}
