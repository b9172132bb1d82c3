using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sahulat.Messaging.Mail;

/// <summary>RFC 6376, rsa-sha256, relaxed/relaxed.</summary>
internal sealed partial class Dkim(string domain, string selector, RSA key)
{
    private static readonly string[] Signed = ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"];

    public string Header(IReadOnlyList<(string Name, string Value)> headers, string body, DateTimeOffset at)
    {
        var names = Signed.Where(n => headers.Any(h => h.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).ToArray();
        var value = $"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector}; t={at.ToUnixTimeSeconds()}; h={string.Join(':', names)}; bh={BodyHash(body)}; b=";
        var content = new StringBuilder();
        foreach (var name in names) content.Append(Relaxed(name, headers.Last(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value)).Append("\r\n");
        content.Append(Relaxed("dkim-signature", value));
        return value + Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(content.ToString()), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static string BodyHash(string body)
    {
        var lines = body.ReplaceLineEndings("\n").Split('\n').Select(l => Space().Replace(l, " ").TrimEnd(' ')).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\r\n")))));
    }

    public static string Relaxed(string name, string value) => $"{name.ToLowerInvariant()}:{Space().Replace(value.Replace("\r\n", "", StringComparison.Ordinal), " ").Trim()}";

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Space();
}
