using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sahulat.Messaging.Clients;

namespace Sahulat.Messaging.Notify;

/// <summary>GOV.UK Notify's tokens: a JWT (HS256) whose issuer is the service and whose secret is a key of it, good for 30 seconds either side.</summary>
internal sealed class NotifyAuth(ServiceKeys keys, TimeProvider time)
{
    private const int Skew = 30;

    /// <returns>The client, or the refusal with Notify's words.</returns>
    public async ValueTask<(Client? Client, IResult? Refused)> Check(HttpContext http, CancellationToken ct)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return (null, NotifyErrors.Of(401, "AuthError", "Unauthorized: authentication token must be provided"));
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return (null, NotifyErrors.Of(401, "AuthError", "Unauthorized: authentication bearer scheme must be used"));
        var parts = header[7..].Trim().Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } head || Json(parts[1]) is not { } claims || Bytes(parts[2]) is not { } signature) return (null, Refused("Invalid token: signature, api token is not valid"));
        if (!head.TryGetProperty("alg", out var alg) || alg.ValueKind != JsonValueKind.String || alg.GetString() != "HS256") return (null, Refused("Invalid token: algorithm used is not HS256"));
        if (!claims.TryGetProperty("iss", out var iss) || iss.ValueKind != JsonValueKind.String) return (null, Refused("Invalid token: iss field not provided"));
        if (!Guid.TryParse(iss.GetString(), out var service)) return (null, Refused("Invalid token: service id is not the right data type"));
        if (!claims.TryGetProperty("iat", out var iat) || iat.ValueKind != JsonValueKind.Number || !iat.TryGetDouble(out var issued)) return (null, Refused("Invalid token: iat field not provided"));
        var known = await keys.Of(service, ct);
        if (known.Count == 0) return (null, Refused("Invalid token: service not found"));
        var content = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var client = known.FirstOrDefault(k => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Encoding.UTF8.GetBytes(k.Secret), content), signature));
        if (client is null) return (null, Refused("Invalid token: API key not found"));
        if (Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - issued) > Skew) return (null, Refused("Error: Your system clock must be accurate to within 30 seconds"));
        return (client, null);
    }

    private static IResult Refused(string message) => NotifyErrors.Of(403, "AuthError", message);

    private static JsonElement? Json(string part)
    {
        try
        {
            return Bytes(part) is { } bytes && JsonDocument.Parse(bytes).RootElement is { ValueKind: JsonValueKind.Object } e ? e : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string part)
    {
        var text = part.Replace('-', '+').Replace('_', '/');
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text + new string('=', (4 - text.Length % 4) % 4), buffer, out var n) ? buffer[..n] : null;
    }
}

/// <summary>Errors in the form Notify's clients read.</summary>
internal static class NotifyErrors
{
    public static IResult Of(int status, string error, params IEnumerable<string> messages) =>
        Results.Json(new { status_code = status, errors = messages.Select(m => new { error, message = m }) }, statusCode: status);

    public static IResult Of(int status, string error, string message) => Of(status, error, [message]);
}
