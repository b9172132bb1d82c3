using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sahulat.Kernel.Journal;

/// <summary>A record that can be a journal entry's body. It holds tokens, codes, dates and amounts, never personal data.</summary>
public interface IJournalBody
{
    /// <summary>Permanent name, <c>room.past-tense</c>.</summary>
    static abstract string Kind { get; }
}

/// <summary>Who did it, as a token: <c>citizen:{id}</c>, <c>post:{code}/{official id}</c>, <c>system:{key id}</c>, <c>sahulat:{part}</c>.</summary>
public readonly record struct Actor(string Token)
{
    public static Actor Citizen(Guid id) => new($"citizen:{id:N}");

    public static Actor Post(string post, Guid official) => new($"post:{post}/{official:N}");

    public static Actor System(string key) => new($"system:{key}");

    public static Actor Sahulat(string part) => new($"sahulat:{part}");

    public override string ToString() => Token;
}

/// <summary>An entry as read back. <paramref name="Body"/> is canonical JSON.</summary>
public sealed record JournalEntry(long Position, string Stream, long Version, string Kind, DateTimeOffset At, string Actor, string Body, byte[] Digest)
{
    public T As<T>() where T : IJournalBody => JsonSerializer.Deserialize<T>(Body, JournalJson.Options)!;

    /// <summary>The part of the stream's name after its slash: <c>case/{id}</c> gives the id.</summary>
    public string Subject => Stream[(Stream.IndexOf('/') + 1)..];
}

/// <summary>An entry to append. <paramref name="Expected"/> is the version the stream must have now; null takes whatever it is.</summary>
public sealed record Append(string Stream, long? Expected, string Kind, object Body, Actor Actor, DateTimeOffset At)
{
    public static Append To<T>(string stream, long? expected, T body, Actor actor, DateTimeOffset at) where T : class, IJournalBody =>
        new(stream, expected, T.Kind, body, actor, at);
}

/// <summary>The stream moved on since it was read; the caller answers <see cref="Problem.Conflict"/>.</summary>
public sealed class JournalConflictException(string stream) : Exception($"stream {stream} was changed meanwhile")
{
    public string Stream { get; } = stream;
}

public static class JournalJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
