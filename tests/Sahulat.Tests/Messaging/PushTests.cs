using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sahulat.Messaging.Push;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

public sealed class PushTests(Cluster cluster)
{
    [Fact]
    public async Task Push_OnlyTheBrowserCanRead_AndTheSiteHasSigned()
    {
        using var vapid = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(Directory.CreateTempSubdirectory("sahulat-push-").FullName, "vapid.pem");
        await File.WriteAllTextAsync(file, vapid.ExportPkcs8PrivateKeyPem());
        await using var service = await Listener.Start(c => c.Path == "/gone" ? 410 : 201);
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = browser.ExportParameters(false).Q;
        byte[] point = [4, .. q.X!, .. q.Y!];
        var auth = RandomNumberGenerator.GetBytes(16);
        await using var site = await TestSite.Start(cluster, settings: GatewayTests.Block("push", new() { ["Kind"] = "web-push", ["Channel"] = "push", ["KeyFile"] = file, ["Contact"] = "mailto:it@example.in", ["PrivateNetwork"] = "allow" }));
        var (client, _) = await site.Department();
        JsonObject Body(string path)
        {
            var body = Sender.TryOut(lang: "ur");
            body["recipient"] = new JsonObject { ["push"] = JsonSerializer.Serialize(new { endpoint = service.Address + path, keys = new { p256dh = WebPush.Base64(point), auth = WebPush.Base64(auth) } }) };
            return body;
        }

        await client.Becomes((string)(await (await client.Post(Body("one"))).Json())["id"]!, "sent");
        var call = service.Calls.Single();
        Assert.Equal(("aes128gcm", "normal"), (call.Headers["content-encoding"], call.Headers["urgency"]));
        var (salt, sender) = (call.Body[..16], call.Body[21..(21 + call.Body[20])]);
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = sender[1..33], Y = sender[33..] } });
        var (key, nonce, _) = WebPush.Derive(browser.DeriveRawSecretAgreement(other.PublicKey), auth, point, sender, salt);
        var content = call.Body[(21 + sender.Length)..];
        var plain = new byte[content.Length - 16];
        using (var aes = new AesGcm(key, 16)) aes.Decrypt(nonce, content.AsSpan(0, plain.Length), content.AsSpan(plain.Length), plain);
        Assert.Equal(2, plain[^1]);
        Assert.Contains("Rukhsana", (string)JsonNode.Parse(plain.AsSpan(0, plain.Length - 1))!["body"]!, StringComparison.Ordinal);
        var token = call.Headers["authorization"].Split("t=")[1].Split(',')[0].Split('.');
        Assert.True(vapid.VerifyData(System.Text.Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), WebPush.Bytes(token[2]), HashAlgorithmName.SHA256));
        Assert.Equal(service.Address.TrimEnd('/'), (string)JsonNode.Parse(WebPush.Bytes(token[1]))!["aud"]!);

        var gone = (string)(await (await client.Post(Body("gone"))).Json())["id"]!;
        await client.Becomes(gone, "permanent-failure");
        Assert.Equal("push-gone", (string?)(await client.Json($"/api/v1/messages/{gone}"))["reason"]);
    }

    /// <summary>The example of RFC 8291, appendix A.</summary>
    [Fact]
    public void Keys_AreDerivedAsTheStandardsExample()
    {
        var (key, nonce, _) = WebPush.Derive(WebPush.Bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"), WebPush.Bytes("BTBZMqHH6r4Tts7J_aSIgg"),
            WebPush.Bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), WebPush.Bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"), WebPush.Bytes("DGv6ra1nlYgDCS1FRnbzlw"));
        Assert.Equal(("oIhVW04MRdy2XN9CiKLxTg", "4h_95klXJ5E_qnoN"), (WebPush.Base64(key), WebPush.Base64(nonce)));
    }
}
