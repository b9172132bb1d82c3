using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Mail;

/// <summary>Email by SMTP. Settings: Host, Port, Tls (require, offered, implicit, none), User, Password, From, FromName, ReplyTo, DkimDomain, DkimSelector, DkimKeyFile (PEM), BounceSecret, AnyCertificate (for a relay in the same rack).</summary>
internal sealed class SmtpChannel : IProvider, IHook
{
    private const int MailsASession = 100;

    private readonly ProviderSettings settings;
    private readonly TimeProvider time;
    private readonly SmtpSession.Server server;
    private readonly string from, host;
    private readonly Dkim? dkim;
    private readonly ConcurrentBag<(SmtpSession Session, int Sent, long At)> open = [];

    public SmtpChannel(ProviderSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        var s = settings.Section;
        from = settings.Required("From");
        host = from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..];
        server = new(settings.Required("Host"), int.Parse(s["Port"] ?? "25", System.Globalization.CultureInfo.InvariantCulture), s["Tls"] ?? "require", s["User"], s["Password"], host, s["AnyCertificate"] == "true");
        if (s["DkimKeyFile"] is { Length: > 0 } file)
        {
            var key = RSA.Create();
            key.ImportFromPem(File.ReadAllText(file));
            dkim = new Dkim(s["DkimDomain"] ?? host, settings.Required("DkimSelector"), key);
        }
    }

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var step = message.Step;
        var now = time.GetUtcNow();
        var (headers, body) = Mime.Write(new(from, settings.Section["FromName"] ?? "Sahulat", step.To, step.Subject ?? "", step.Text, step.Lang, Lang.Find(step.Lang)!.RightToLeft, message.Id, host, now, settings.Section["ReplyTo"], null, step.File));
        if (dkim is not null) headers.Insert(0, ("DKIM-Signature", dkim.Header(headers, body, now)));
        var content = new StringBuilder();
        foreach (var (name, value) in headers) content.Append(name).Append(": ").Append(name == "DKIM-Signature" ? Fold(value) : value).Append("\r\n");
        content.Append("\r\n").Append(body);

        (SmtpSession Session, int Sent, long At) held;
        try
        {
            held = await Take(ct);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or SmtpSession.RefusedException)
        {
            return new(Hand.Down, Reason: e is AuthenticationException ? "smtp-tls" : e is SmtpSession.RefusedException r ? $"smtp-{r.Code}" : "unreachable");
        }

        try
        {
            await held.Session.Send(from, step.To, content.ToString(), ct);
            await Back(held);
            return new(Hand.Accepted, $"{message.Id:N}@{host}");
        }
        catch (SmtpSession.RefusedException e)
        {
            if (e.Code == 421) await held.Session.DisposeAsync();
            else await AfterRefusal(held, ct);
            var reason = $"smtp-{e.Enhanced ?? $"{e.Code}"}";
            return e.Code >= 500 ? new(Hand.Refused, Reason: reason) : new(Hand.Busy, Reason: reason, After: TimeSpan.FromMinutes(1));
        }
        catch
        {
            await held.Session.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the mail server hands on of the sender's mailbox: <c>/hooks/messaging/{name}/bounce?k={BounceSecret}</c>.</summary>
    public HttpStatusCode Verify(HookCall call, out string? response)
    {
        response = null;
        var known = settings.Section["BounceSecret"] is { Length: > 0 } secret && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(call.Query.GetValueOrDefault("k") ?? ""));
        return known ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
    }

    public HookRead Read(HookCall call) => Bounce.Read(Encoding.UTF8.GetString(call.Body), host) is { } told ? new([told], []) : HookRead.Nothing;

    private async Task<(SmtpSession, int, long)> Take(CancellationToken ct)
    {
        // A server hangs up on a line that is silent for long: an old one is not trusted.
        while (open.TryTake(out var held))
        {
            if (time.GetElapsedTime(held.At) < TimeSpan.FromSeconds(20)) return held;
            await held.Session.DisposeAsync();
        }

        return (await SmtpSession.Open(server, ct), 0, time.GetTimestamp());
    }

    private async Task Back((SmtpSession Session, int Sent, long At) held)
    {
        if (held.Sent + 1 >= MailsASession || open.Count >= settings.Window) await held.Session.DisposeAsync();
        else open.Add((held.Session, held.Sent + 1, time.GetTimestamp()));
    }

    private async Task AfterRefusal((SmtpSession Session, int Sent, long At) held, CancellationToken ct)
    {
        try
        {
            await held.Session.Reset(ct);
            await Back(held);
        }
        catch (Exception)
        {
            await held.Session.DisposeAsync();
        }
    }

    /// <summary>The signature itself may be broken into lines: spaces in it do not count, elsewhere they are signed.</summary>
    private static string Fold(string value)
    {
        var at = value.LastIndexOf(" b=", StringComparison.Ordinal) + 3;
        return value[..at] + string.Concat(value[at..].Chunk(70).Select(c => "\r\n " + new string(c)));
    }
}
