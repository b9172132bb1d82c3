using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Tell;

namespace Sahulat.Messaging.Push;

/// <summary>Web push: encrypted for the browser alone (RFC 8291, aes128gcm), sent with the site's own key (VAPID, RFC 8292). The address is the browser's subscription as JSON. Settings: KeyFile (PEM, P-256), Contact (mailto: or https:).</summary>
internal sealed class WebPush : IProvider
{
    private const int Record = 4096;

    private readonly ProviderSettings settings;
    private readonly TimeProvider time;
    private readonly ECDsa key;
    private readonly HttpClient http;

    public WebPush(ProviderSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(settings.Required("KeyFile")));
        var inside = settings.Section["PrivateNetwork"] == "allow";
        // The browser names the address, so it is looked at like a webhook's.
        http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = settings.Window, ConnectCallback = (c, ct) => CallbackSender.Connect(c.DnsEndPoint, inside, ct) });
    }

    private sealed record Subscription(string Endpoint, Keys Keys);

    private sealed record Keys(string P256dh, string Auth);

    /// <summary>What a page gives to the browser to subscribe with.</summary>
    public string PublicKey => Base64(Point(key.ExportParameters(false)));

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        byte[] body;
        Uri endpoint;
        try
        {
            var subscription = JsonSerializer.Deserialize<Subscription>(message.Step.To, JsonSerializerOptions.Web)!;
            endpoint = new Uri(subscription.Endpoint);
            body = Encrypt(JsonSerializer.SerializeToUtf8Bytes(new { id = message.Id, title = message.Step.Subject, body = message.Step.Text, lang = message.Step.Lang }, Accept.DayKeys.Json), Bytes(subscription.Keys.P256dh), Bytes(subscription.Keys.Auth));
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException or NullReferenceException or ArgumentException)
        {
            return new(Hand.Refused, Reason: "push-bad-subscription");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.TryAddWithoutValidation("Authorization", $"vapid t={Token(endpoint)}, k={PublicKey}");
        request.Headers.Add("TTL", message.Class == "otp" ? "600" : "86400");
        request.Headers.Add("Urgency", message.Class is "otp" or "emergency" ? "high" : "normal");
        // The same topic replaces what the browser has not fetched yet: given twice, it is shown once.
        request.Headers.Add("Topic", Base64(message.Id.ToByteArray()));
        using var answer = await http.SendAsync(request, ct);
        return Handed.TooMany(answer, "push") ?? answer.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Accepted => Handed.Ok,
            // The person has withdrawn the subscription.
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(Hand.Refused, Reason: "push-gone"),
            >= HttpStatusCode.InternalServerError => new(Hand.Down, Reason: $"push-{(int)answer.StatusCode}"),
            _ => new(Hand.Refused, Reason: $"push-{(int)answer.StatusCode}"),
        };
    }

    private static byte[] Encrypt(byte[] plain, byte[] theirs, byte[] auth)
    {
        if (theirs.Length != 65 || auth.Length != 16 || plain.Length > Record - 17 - 86) throw new FormatException("no subscription, or too long for one record");
        using var ours = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = theirs[1..33], Y = theirs[33..65] } });
        var point = Point(ours.ExportParameters(false));
        var (content, nonce, salt) = Derive(ours.DeriveRawSecretAgreement(other.PublicKey), auth, theirs, point, RandomNumberGenerator.GetBytes(16));
        var sealedBytes = new byte[plain.Length + 1 + 16];
        using var aes = new AesGcm(content, 16);
        // 2 ends the last record.
        aes.Encrypt(nonce, [.. plain, 2], sealedBytes.AsSpan(0, plain.Length + 1), sealedBytes.AsSpan(plain.Length + 1));
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, Record);
        return [.. salt, .. size, (byte)point.Length, .. point, .. sealedBytes];
    }

    /// <summary>RFC 8291, 3.4.</summary>
    internal static (byte[] Key, byte[] Nonce, byte[] Salt) Derive(byte[] shared, byte[] auth, byte[] receiver, byte[] sender, byte[] salt)
    {
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, auth, [.. "WebPush: info\0"u8, .. receiver, .. sender]);
        return (HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray()), HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt, "Content-Encoding: nonce\0"u8.ToArray()), salt);
    }

    private string Token(Uri endpoint)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { aud = endpoint.GetLeftPart(UriPartial.Authority), exp = time.GetUtcNow().AddHours(12).ToUnixTimeSeconds(), sub = settings.Required("Contact") }, Accept.DayKeys.Json);
        var content = $"{Base64("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"u8)}.{Base64(claims)}";
        return $"{content}.{Base64(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    private static byte[] Point(ECParameters p) => [4, .. p.Q.X!, .. p.Q.Y!];

    internal static string Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    internal static byte[] Bytes(string text)
    {
        var plain = text.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(plain + new string('=', (4 - plain.Length % 4) % 4));
    }
}
