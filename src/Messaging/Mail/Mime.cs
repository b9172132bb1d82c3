using System.Net;
using System.Text;
using Sahulat.Contracts.Messaging;

namespace Sahulat.Messaging.Mail;

/// <summary>A mail in the form it travels in (RFC 5322, 2045): a plain part and an HTML part in the direction of its language, base64, so that every line is short and no server changes it. A file that goes with it makes the two the first part of a mixed one.</summary>
internal static class Mime
{
    public sealed record Mail(string From, string FromName, string To, string Subject, string Text, string Lang, bool RightToLeft, Guid Id, string Host, DateTimeOffset At, string? ReplyTo, string? Unsubscribe, MailFile? File = null);

    public static (List<(string Name, string Value)> Headers, string Body) Write(Mail mail)
    {
        var boundary = $"=_{mail.Id:N}";
        var alternative = $"multipart/alternative; boundary=\"{boundary}\"";
        var outer = $"=m{mail.Id:N}";
        var headers = new List<(string, string)>
        {
            ("From", $"{Word(mail.FromName)} <{mail.From}>"), ("To", $"<{mail.To}>"), ("Subject", Word(mail.Subject)),
            ("Date", mail.At.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", System.Globalization.CultureInfo.InvariantCulture)),
            ("Message-ID", $"<{mail.Id:N}@{mail.Host}>"), ("Content-Language", mail.Lang), ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"), ("Content-Type", mail.File is null ? alternative : $"multipart/mixed; boundary=\"{outer}\""),
        };
        if (mail.ReplyTo is not null) headers.Add(("Reply-To", $"<{mail.ReplyTo}>"));
        if (mail.Unsubscribe is not null)
        {
            headers.Add(("List-Unsubscribe", $"<{mail.Unsubscribe}>"));
            headers.Add(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }

        var body = new StringBuilder();
        if (mail.File is not null) body.Append("--").Append(outer).Append("\r\nContent-Type: ").Append(alternative).Append("\r\n\r\n");
        Part(body, boundary, "text/plain", mail.Text);
        Part(body, boundary, "text/html", Html(mail));
        body.Append("--").Append(boundary).Append("--\r\n");
        if (mail.File is { } file) Attach(body, outer, file);
        return (headers, body.ToString());
    }

    private static void Attach(StringBuilder body, string boundary, MailFile file)
    {
        body.Append("--").Append(boundary).Append("\r\nContent-Type: ").Append(file.Type).Append(";\r\n name=\"").Append(Plain(file.Name)).Append("\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename").Append(FileName(file.Name)).Append("\r\n\r\n");
        body.Append(Convert.ToBase64String(file.Content, Base64FormattingOptions.InsertLineBreaks)).Append("\r\n--").Append(boundary).Append("--\r\n");
    }

    /// <summary>In its own script (RFC 2231); programs that cannot read that find the one in ASCII with the type.</summary>
    private static string FileName(string name) => Plain(name) == name
        ? $"=\"{name}\""
        : "*=UTF-8''" + string.Concat(Encoding.UTF8.GetBytes(name).Select(b => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' ? ((char)b).ToString() : $"%{b:X2}"));

    private static string Plain(string name) => new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '_')]);

    private static void Part(StringBuilder body, string boundary, string type, string content) =>
        body.Append("--").Append(boundary).Append("\r\nContent-Type: ").Append(type).Append("; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");

    private static string Html(Mail mail)
    {
        var paragraphs = mail.Text.ReplaceLineEndings("\n").Split("\n\n").Select(p => $"<p>{string.Join("<br>", p.Trim().Split('\n').Select(Line))}</p>");
        return $"<!doctype html><html lang=\"{mail.Lang}\" dir=\"{(mail.RightToLeft ? "rtl" : "ltr")}\"><head><meta charset=\"utf-8\"><title>{WebUtility.HtmlEncode(mail.Subject)}</title></head><body style=\"font:17px/1.6 sans-serif\">{string.Concat(paragraphs)}</body></html>";
    }

    /// <summary>A line that is nothing but an address becomes a link.</summary>
    private static string Line(string text)
    {
        var encoded = WebUtility.HtmlEncode(text);
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? $"<a href=\"{encoded}\">{encoded}</a>" : encoded;
    }

    /// <summary>RFC 2047: words of at most 75 characters, a code point never split.</summary>
    private static string Word(string text)
    {
        if (text.All(c => c is >= ' ' and < '\u007f') && !text.Contains("=?", StringComparison.Ordinal) && !text.Any(c => "()<>[]:;@\\,\"".Contains(c))) return text;
        var words = new List<string>();
        var bytes = new List<byte>();
        foreach (var rune in text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal).EnumerateRunes())
        {
            var next = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + next.Length > 42)
            {
                words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
                bytes.Clear();
            }

            bytes.AddRange(next);
        }

        words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
        return string.Join("\r\n ", words);
    }
}
