using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Messaging.Accept;

/// <summary>One way to reach the person: the channel, the address, and the words already filled in.</summary>
internal sealed record Step(string Channel, string To, string Lang, string? Subject, string Text, string? Encoding, int Segments, string[] Values, string? Approved, string? DltEntity, string? DltHeader, string? DltTemplate)
{
    /// <summary>What goes with a mail; sealed like the words, and gone with them.</summary>
    public MailFile? File { get; init; }

    /// <summary>What the person may choose, for channels that show buttons.</summary>
    public IReadOnlyList<Talk.Option>? Options { get; init; }

    /// <summary>What the button that opens a list of choices says.</summary>
    public string? Choose { get; init; }
}

/// <summary>What is sealed.</summary>
internal sealed record Content(IReadOnlyList<Step> Steps);

/// <summary>A message that passed every check and waits to be written.</summary>
internal sealed record NewMessage(
    Guid Id, Guid Service, string KeyKind, string Class, string Template, int Version, IReadOnlyList<Step> Steps, byte[] Contact, bool Simulated,
    string? Reference, Guid? Batch, string? IdemKey, byte[]? IdemDigest, DateTimeOffset At, DateTimeOffset? SendAfter, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether what becomes of it is journaled for its sender.</summary>
    public bool Tell { get; init; }

    public short Lane => Lanes.Of(Class);

    public string QueueChannel => Simulated ? Lanes.Simulator : Steps[0].Channel;

    public DateTimeOffset DueAt => SendAfter ?? At;
}

/// <summary>Three lanes, so that a code or a warning never waits behind a campaign.</summary>
internal static class Lanes
{
    public const string Simulator = "simulator";
    public const int Count = 3;

    public static short Of(string cls) => cls switch { "otp" or "emergency" => 0, "bulk" => 2, _ => 1 };

    /// <summary>How long a message of this class is worth sending.</summary>
    public static TimeSpan Life(string cls) => cls switch { "otp" => TimeSpan.FromMinutes(10), "emergency" => TimeSpan.FromHours(24), _ => TimeSpan.FromHours(72) };
}

/// <summary>What a message says is sealed under a key of its class and day: when that day's time is over the key is destroyed, and with it every copy in every backup.</summary>
internal static class DayKeys
{
    public const string Retention = "message";

    public static readonly IReadOnlyDictionary<string, int> Days = new Dictionary<string, int>(StringComparer.Ordinal) { ["otp"] = 2, ["service"] = 90, ["bulk"] = 30, ["emergency"] = 90, ["incoming"] = 90, ["receipt"] = 30, ["batch"] = 30 };

    public static Guid Of(string cls, DateTimeOffset at) => Of(cls, Ist.DateIn(at));

    public static Guid Of(string cls, DateOnly day) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"messaging/{cls}/{day:yyyy-MM-dd}")).AsSpan(0, 16));

    public static string Context(Guid id) => $"messaging.message/{id:N}";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
