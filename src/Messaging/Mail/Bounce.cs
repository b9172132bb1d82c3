using System.Text.RegularExpressions;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Mail;

/// <summary>A delivery status notification (RFC 3464) about a mail of ours, known by its Message-ID among the returned headers.</summary>
internal static partial class Bounce
{
    /// <returns>Null for what is not about a mail of ours, or says only that it is late.</returns>
    public static Told? Read(string mail, string host)
    {
        if (Action().Match(mail) is not { Success: true } action) return null;
        foreach (Match m in MessageId().Matches(mail))
        {
            if (!m.Groups[2].Value.Equals(host, StringComparison.OrdinalIgnoreCase) || !Guid.TryParseExact(m.Groups[1].Value, "N", out var id)) continue;
            var code = Code().Match(mail) is { Success: true } status ? status.Groups[1].Value : null;
            return action.Groups[1].Value.ToLowerInvariant() switch
            {
                "failed" => new(id, null, Status.Permanent, code is null ? "bounced" : "smtp-" + code),
                "delivered" => new(id, null, Status.Delivered),
                _ => null,
            };
        }

        return null;
    }

    [GeneratedRegex(@"^Action:\s*(failed|delivered|delayed|relayed|expanded)\b", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Action();

    [GeneratedRegex(@"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Code();

    [GeneratedRegex("<([0-9a-f]{32})@([^>\\s]{1,255})>", RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}
