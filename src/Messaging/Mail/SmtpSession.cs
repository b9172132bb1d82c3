using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Sahulat.Messaging.Mail;

/// <summary>One conversation with a mail server (RFC 5321), kept open for further mails. Encrypted by STARTTLS as soon as the server offers it; <c>require</c> sends nothing before that.</summary>
internal sealed class SmtpSession : IAsyncDisposable
{
    private readonly TcpClient tcp = new() { NoDelay = true };
    private Stream stream = Stream.Null;
    private StreamReader reader = StreamReader.Null;

    public sealed record Server(string Host, int Port, string Tls, string? User, string? Password, string Helo, bool AnyCertificate);

    /// <summary>The server said no: 4xx for now, 5xx for good.</summary>
    public sealed class RefusedException(int code, string text) : Exception($"{code} {text}")
    {
        public int Code { get; } = code;

        /// <summary>RFC 3463, as 5.1.1, when the server gave one.</summary>
        public string? Enhanced { get; } = text.Split(' ')[0] is { } first && first.Split('.') is { Length: 3 } parts && parts.All(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? first : null;
    }

    public static async Task<SmtpSession> Open(Server server, CancellationToken ct)
    {
        var session = new SmtpSession();
        try
        {
            await session.tcp.ConnectAsync(server.Host, server.Port, ct);
            session.Use(session.tcp.GetStream());
            if (server.Tls == "implicit") await session.Encrypt(server, ct);
            await session.Expect(220, ct);
            var offers = await session.Hello(server, ct);
            if (server.Tls is "require" or "offered" && offers.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase))
            {
                await session.Say("STARTTLS", 220, ct);
                await session.Encrypt(server, ct);
                offers = await session.Hello(server, ct);
            }
            else if (server.Tls == "require")
            {
                throw new AuthenticationException("the server offers no STARTTLS");
            }

            if (server.User is not null) await session.Say("AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{server.User}\0{server.Password}")), 235, ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <param name="content">Lines with CRLF.</param>
    /// <returns>What the server said: often its own id of the mail.</returns>
    public async Task<string> Send(string from, string to, string content, CancellationToken ct)
    {
        await Say($"MAIL FROM:<{from}>", 250, ct);
        await Say($"RCPT TO:<{to}>", 250, ct);
        await Say("DATA", 354, ct);
        var stuffed = content.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.UTF8.GetBytes((stuffed.StartsWith('.') ? "." : "") + stuffed + (stuffed.EndsWith("\r\n", StringComparison.Ordinal) ? "" : "\r\n") + ".\r\n"), ct);
        return await Expect(250, ct);
    }

    /// <summary>Back to the beginning after a refusal.</summary>
    public Task Reset(CancellationToken ct) => Say("RSET", 250, ct);

    private async Task<string[]> Hello(Server server, CancellationToken ct) => [.. (await Say("EHLO " + server.Helo, 250, ct)).Split('\n').Select(l => l.Trim())];

    private async Task Encrypt(Server server, CancellationToken ct)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host, RemoteCertificateValidationCallback = server.AnyCertificate ? (_, _, _, _) => true : null }, ct);
        Use(tls);
    }

    private void Use(Stream to) => (stream, reader) = (to, new StreamReader(to, Encoding.UTF8, false, 1024, leaveOpen: true));

    private async Task<string> Say(string line, int expected, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), ct);
        return await Expect(expected, ct);
    }

    private async Task<string> Expect(int expected, CancellationToken ct)
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = await reader.ReadLineAsync(ct) ?? throw new IOException("the server hung up");
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)) throw new IOException("the server answers no SMTP");
            text.Append(text.Length > 0 ? "\n" : "").Append(line.Length > 4 ? line[4..] : "");
            if (text.Length > 64 * 1024) throw new IOException("the server's answer does not end");
            if (line.Length > 3 && line[3] == '-') continue;
            return code == expected || (expected == 250 && code == 251) ? text.ToString() : throw new RefusedException(code, text.ToString());
        }
    }

    public ValueTask DisposeAsync()
    {
        stream.Dispose();
        tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
