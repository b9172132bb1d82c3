using System.Text;
using System.Text.Json;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Office;

/// <summary>Content of files and receipts, sealed under a key of each: destroying it weeds the file.</summary>
internal sealed class Seals(Vault vault)
{
    public const string Retention = "office";

    public Vault Vault => vault;

    public async Task<SubjectKey> Key(Work work, Guid subject) => await vault.Key(work, subject, Retention);

    public byte[] Seal(SubjectKey key, string text, string context) => vault.Seal(key, Encoding.UTF8.GetBytes(text), context);

    public byte[] Seal<T>(SubjectKey key, T value, string context) where T : class => vault.Seal(key, JsonSerializer.SerializeToUtf8Bytes(value, JournalJson.Options), context);

    public string Open(SubjectKey key, byte[] sealedBytes, string context) => Encoding.UTF8.GetString(vault.Open(key, sealedBytes, context));

    public T Open<T>(SubjectKey key, byte[] sealedBytes, string context) where T : class => JsonSerializer.Deserialize<T>(vault.Open(key, sealedBytes, context), JournalJson.Options)!;

    public Task<IReadOnlyDictionary<Guid, SubjectKey>> Keys(IEnumerable<Guid> subjects, CancellationToken ct) => vault.Keys([.. subjects.Distinct()], Retention, ct);

    /// <summary>Keyed, so that short texts cannot be guessed from the journal.</summary>
    public string Digest(string text) => Convert.ToHexStringLower(vault.BlindIndex("office/content", text));

    public byte[] Hash(string field, string value) => vault.BlindIndex("office." + field, value);
}
