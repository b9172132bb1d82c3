using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sahulat.Catalogue.Exchange;

/// <summary>A law or service in a pack. <paramref name="Path"/> is <c>laws/{code}@{day}.yaml</c> or <c>services/…</c>.</summary>
internal sealed record PackItem(string Path, string Sha256, string Yaml);

/// <summary>What is signed. Names let a reader elsewhere know which post a designation's code means.</summary>
internal sealed record PackStatement(string Format, string Origin, DateTimeOffset MadeAt, string MadeBy, IReadOnlyList<PackItem> Items, IReadOnlyDictionary<string, string> Names);

/// <summary>A pack whose signature holds. <paramref name="Key"/> is the public key that signed.</summary>
internal sealed record SignedPack(PackStatement Statement, byte[] Key)
{
    public string Fingerprint => PackFile.Fingerprint(Key);
}

/// <summary>One signed file: a DSSE envelope (github.com/secure-systems-lab/dsse, version 1) around a JSON statement, signed with Ed25519. A file from outside is not trusted in any part before its signature holds.</summary>
internal static partial class PackFile
{
    public const string Type = "application/vnd.sahulat.pack+json", Format = "sahulat-pack/1", Extension = ".sahulat-pack";

    /// <summary>Ten times the catalogue of a territory.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MaxItems = 2000, MaxYaml = 1024 * 1024, MaxDepth = 40;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 8 };

    public static byte[] Write(PackStatement statement, byte[] key, Func<byte[], byte[]> sign)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(statement, Json);
        var signature = new Signature(Fingerprint(key), Convert.ToBase64String(key), Convert.ToBase64String(sign(Encoded(payload))));
        return JsonSerializer.SerializeToUtf8Bytes(new Envelope(Type, Convert.ToBase64String(payload), [signature]), Json);
    }

    /// <summary>The statement, if the file is whole and its signature holds; else what is wrong with it.</summary>
    public static Result<SignedPack> Read(byte[] file)
    {
        if (file.Length > MaxBytes) return PackProblems.TooLarge;
        try
        {
            if (JsonSerializer.Deserialize<Envelope>(file, Json) is not { Signatures: [{ } signature] } envelope || envelope.PayloadType != Type) return PackProblems.NotAPack;
            var (payload, key) = (Convert.FromBase64String(envelope.Payload), Convert.FromBase64String(signature.Key));
            if (signature.Keyid != Fingerprint(key) || !Ed25519.Verify(key, Encoded(payload), Convert.FromBase64String(signature.Sig))) return PackProblems.SignatureWrong;
            if (JsonSerializer.Deserialize<Head>(payload, Json)?.Format is var format && format != Format) return PackProblems.UnknownVersion(format);
            var statement = JsonSerializer.Deserialize<PackStatement>(payload, Json)!;
            return Wrong(statement) is { } problem ? problem : new SignedPack(statement, key);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return PackProblems.NotAPack;
        }
    }

    /// <summary>As people read it to each other over the telephone: the SHA-256 of the key in groups of four.</summary>
    public static string Fingerprint(byte[] key) => string.Join(' ', Convert.ToHexStringLower(SHA256.HashData(key)).Chunk(4).Select(c => new string(c)));

    /// <summary>The same from what somebody typed; null when it is no fingerprint.</summary>
    public static string? Fingerprint(string? typed)
    {
        var hex = string.Concat((typed ?? "").Where(c => !char.IsWhiteSpace(c) && c is not (':' or '-' or '\u2066' or '\u2069'))).ToLowerInvariant();
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigitLower) ? string.Join(' ', hex.Chunk(4).Select(c => new string(c))) : null;
    }

    public static string Digest(string yaml) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml)));

    private static Problem? Wrong(PackStatement statement)
    {
        if (statement.Items.Count is 0 or > MaxItems || statement.Origin.Length is 0 or > 200 || statement.MadeBy.Length > 200) return PackProblems.NotAPack;
        foreach (var item in statement.Items)
        {
            if (item.Path.Length > 200 || !Name().IsMatch(item.Path)) return PackProblems.Path(item.Path.Length > 60 ? item.Path[..60] : item.Path);
            if (item.Yaml.Length > MaxYaml) return PackProblems.TooLarge;
            if (!Plain(item.Yaml)) return PackProblems.Nested(item.Path);
            if (!string.Equals(Digest(item.Yaml), item.Sha256, StringComparison.Ordinal)) return PackProblems.Changed(item.Path);
        }

        return statement.Items.GroupBy(i => i.Path, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice ? PackProblems.Path(twice.Key) : null;
    }

    /// <summary>Neither nested without end nor with aliases: a small text may stand for a huge one. What is no YAML is told later, with line and column.</summary>
    private static bool Plain(string yaml)
    {
        try
        {
            var depth = 0;
            for (var parser = new Parser(new StringReader(yaml)); parser.MoveNext();)
            {
                if (parser.Current is AnchorAlias) return false;
                depth += parser.Current!.NestingIncrease;
                if (depth > MaxDepth) return false;
            }
        }
        catch (YamlException)
        {
        }

        return true;
    }

    /// <summary>DSSE's pre-authentication encoding.</summary>
    private static byte[] Encoded(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(Type)} {Type} {payload.Length} ")), .. payload];

    [GeneratedRegex(@"^(laws|services)/[a-z0-9][a-z0-9-]{0,99}@\d{4}-\d\d-\d\d\.yaml$")]
    private static partial Regex Name();

    private sealed record Envelope(string PayloadType, string Payload, IReadOnlyList<Signature> Signatures);

    private sealed record Signature(string Keyid, string Key, string Sig);

    private sealed record Head(string Format);
}

/// <summary>Refusals of packs. Codes are permanent.</summary>
internal static class PackProblems
{
    public static readonly Problem NotAPack = new("pack-not-readable", 422);

    public static readonly Problem TooLarge = new("pack-too-large", 413);

    public static readonly Problem SignatureWrong = new("pack-signature-wrong", 422);

    /// <summary>A law or service was changed after its digest was taken.</summary>
    public static Problem Changed(string path) => new("pack-item-changed", 422, path);

    public static Problem Nested(string path) => new("pack-item-nested", 422, path);

    public static Problem Path(string path) => new("pack-path-wrong", 422, path);

    public static Problem UnknownVersion(string? format) => new("pack-version-unknown", 422, format);

    public static readonly Problem Empty = new("pack-empty", 422);

    public static Problem NoSuch(string code) => new("pack-no-such-code", 404, code);

    public static readonly Problem Known = new("pack-received-before", 409);

    public static readonly Problem Decided = new("pack-decided-before", 409);

    /// <summary>Who brought the pack cannot accept it.</summary>
    public static readonly Problem SamePerson = new("pack-same-person", 409);

    public static readonly Problem Untrusted = new("pack-key-untrusted", 409);

    public static readonly Problem Lacking = new("pack-names-unknown", 409);

    public static readonly Problem Faulty = new("pack-has-faults", 409);

    public static Problem Taken(string code) => new("pack-code-taken", 409, code);

    public static readonly Problem NothingNew = new("pack-nothing-new", 409);
}
