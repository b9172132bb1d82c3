using System.Text.Json;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Converse;

/// <summary>The sealed part of a conversation. <paramref name="Address"/> is where the person is reached on the channel.</summary>
internal sealed record Held(string Address, Session Session);

/// <summary>One turn as it is kept: what was said and what was answered. <paramref name="By"/> names who answered, where it was no flow.</summary>
internal sealed record Turn(string? Said, Reply? Reply, string? By = null);

/// <summary>One contact on one channel.</summary>
internal sealed record Conversation
{
    public const string Flow = "flow", Waiting = "waiting", Person = "person";

    public Guid Id { get; init; }

    public string Channel { get; init; } = "";

    public byte[] Contact { get; init; } = [];

    public byte[]? Content { get; init; }

    public DateOnly? SealedOn { get; init; }

    public string State { get; init; } = Flow;

    public string Lang { get; init; } = "en";

    public Guid? Official { get; init; }

    public string? Post { get; init; }

    public DateTimeOffset? CalledAt { get; init; }

    public DateTimeOffset? HeardAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The same for an address on a channel on every node.</summary>
    public static Guid IdOf(Vault vault, string channel, string address) => new(vault.BlindIndex("messaging.conversation", $"{channel}/{address}").AsSpan(0, 16));

    public string Context => $"messaging.conversation/{Id:N}";

    public static string LineContext(Guid id) => $"messaging.line/{id:N}";

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, DayKeys.Json);

    public static T Read<T>(ReadOnlySpan<byte> plain) => JsonSerializer.Deserialize<T>(plain, DayKeys.Json)!;
}

/// <summary>One message of a person that no conversation has taken yet.</summary>
internal sealed record Heard(Guid Conversation, Guid Id, int Tries, string Provider, string From, string To, string Text, Media? Media, DateTimeOffset At);
