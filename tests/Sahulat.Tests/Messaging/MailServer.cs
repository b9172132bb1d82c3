using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>A real mail server (aiosmtpd) that reads what comes with Python's own email package.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sahulat-mail-").FullName;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly int port = KannelProcess.FreePort();
    private readonly Process process;

    private MailServer()
    {
        using var key = RSA.Create(2048);
        File.WriteAllText(Path.Combine(folder, "dkim.pem"), key.ExportPkcs8PrivateKeyPem());
        Certificate();
        process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Cluster.RepositoryRoot, "tests", "Sahulat.Tests", "Messaging", "mail-server.py"), $"{port}", Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, e) => { if (e.Data is not null) lines.Enqueue(e.Data); };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Dictionary<string, string?> Settings => GatewayTests.Block("mail", new()
    {
        ["Kind"] = "smtp", ["Channel"] = "email", ["Host"] = "127.0.0.1", ["Port"] = $"{port}", ["Tls"] = "require", ["AnyCertificate"] = "true", ["User"] = "jk", ["Password"] = "pw",
        ["From"] = "noreply@sahulat.example", ["FromName"] = "Sahulat · سہولت", ["DkimSelector"] = "s1", ["DkimKeyFile"] = Path.Combine(folder, "dkim.pem"), ["BounceSecret"] = "b0",
    });

    /// <summary>What came, as the server read it.</summary>
    public JsonNode[] Mails => [.. lines.Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!)];

    public static async Task<MailServer> Start()
    {
        var server = new MailServer();
        await Eventually.True(() => server.lines.Contains("ready"), "the mail server listens");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Certificate()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
