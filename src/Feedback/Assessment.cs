using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback;

/// <summary>A rating asked for, as stored.</summary>
internal sealed record Assessment
{
    public const string Columns = "id, case_id, system, person, reference, service, place, office, ended_on, lang, content, state, expires_at, asked_at, rated_at, score";

    public Guid Id { get; init; }
    public Guid? CaseId { get; init; }
    public string? System { get; init; }
    public Guid Person { get; init; }
    public string Reference { get; init; } = "";
    public string Service { get; init; } = "";
    public string Place { get; init; } = "";
    public string? Office { get; init; }
    public DateOnly EndedOn { get; init; }
    public string Lang { get; init; } = "en";
    public byte[]? Content { get; init; }
    public string State { get; init; } = "";
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? AskedAt { get; init; }
    public DateTimeOffset? RatedAt { get; init; }
    public string? Score { get; init; }

    /// <summary>As people read it: a reference of Sahulat's in groups, another system's as it is.</summary>
    public string Shown => CaseId is not null && Reference.Length == 13 ? $"{Reference[..4]}-{Reference[4..8]}-{Reference[8..12]}-{Reference[12..]}" : Reference;
}

/// <summary>What is sealed of the person.</summary>
/// <param name="Masked">The name as the page shows it, to confirm who answers.</param>
internal sealed record Sealed(string? Masked, string? Email);

/// <summary>What a rating's personal parts are sealed with: the person's own key.</summary>
internal static class Seals
{
    public const string Retention = "feedback";

    public static string Of(Guid id) => $"feedback.assessment/{id:N}";

    public static string Comment(Guid id) => $"feedback.assessment/{id:N}/comment";

    public static byte[] Seal(Vault vault, SubjectKey key, Guid id, Sealed content) => vault.Seal(key, JsonSerializer.SerializeToUtf8Bytes(content), Of(id));

    public static async Task<Sealed?> Open(Vault vault, Assessment a, CancellationToken ct) =>
        a.Content is not null && await vault.Open(a.Person, Retention, a.Content, Of(a.Id), ct) is { } plain ? JsonSerializer.Deserialize<Sealed>(plain) : null;

    /// <summary>A mobile number, to find by whom a reply was sent.</summary>
    public static byte[] Contact(Vault vault, string mobile) => vault.BlindIndex("feedback.contact", mobile);

    /// <summary>The first letter of each part of a name: enough for its owner, no use to others.</summary>
    public static string? Mask(string? name)
    {
        var parts = (name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(p => StringInfo.GetNextTextElement(p)).Where(p => char.IsLetter(p, 0)).Take(5).ToArray();
        return parts.Length == 0 ? null : string.Join(' ', parts.Select(p => p + "•••"));
    }
}

/// <summary>The one-use link. Its token follows from the assessment's id and a key outside the database, so that a message tried again says the same; the database holds its hash only.</summary>
internal sealed class Links(Vault vault)
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 20;

    private readonly byte[] key = vault.Derive("feedback.link");

    /// <summary>20 letters of Crockford's alphabet: 100 bits.</summary>
    public string Token(Guid id)
    {
        var mac = HMACSHA256.HashData(key, id.ToByteArray());
        return string.Create(Length, mac, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Alphabet[bytes[i] & 31];
        });
    }

    public byte[] Hash(Guid id) => Hash(Token(id));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Null when it cannot be a token.</summary>
    public static string? Parse(string? written) =>
        written is { Length: Length } && written.ToLowerInvariant() is var token && token.All(c => Alphabet.Contains(c)) ? token : null;
}
