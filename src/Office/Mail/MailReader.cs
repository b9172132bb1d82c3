using System.Text;
using MimeKit;
using MimeKit.Text;
using Sahulat.Contracts.Access;
using Sahulat.Office.KeepFile;

namespace Sahulat.Office.Mail;

/// <summary>What a mail says and what came with it. Everything in it was written by a stranger.</summary>
/// <param name="Id">Its Message-ID; empty where it has none.</param>
internal sealed record ReadMail(string Id, string Sender, string? Email, string Subject, DateTimeOffset? Dated, string Text, IReadOnlyList<(string Name, byte[] Content)> Files, bool Cut);

/// <summary>Takes a mail apart (RFC 5322, 2045; by MimeKit), in bounds: nothing of it is believed, opened or fetched.</summary>
internal static class MailReader
{
    /// <summary>Bytes of a whole mail, and letters of its text: what is longer is cut.</summary>
    public const int MostMegabytes = 50, MostText = 100_000;

    /// <summary>Parts of a mail, and how deep one may lie in another.</summary>
    public const int MostParts = 500, MostDepth = 12;

    /// <summary>Pictures in the text that are smaller are marks of senders, and no papers.</summary>
    private const int SmallPicture = 20_000;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MostDepth * 2 };

    /// <returns>Null with the code of the reason: mail-too-large, mail-too-many-parts, mail-unreadable.</returns>
    public static ReadMail? Read(byte[] bytes, out string? refused, CancellationToken ct)
    {
        refused = bytes.Length > MostMegabytes * 1024L * 1024 ? "mail-too-large" : null;
        if (refused is not null) return null;
        MimeMessage mail;
        try
        {
            mail = MimeMessage.Load(Options, new MemoryStream(bytes, writable: false), persistent: true, ct);
        }
        catch (Exception e) when (e is FormatException or IOException or OperationCanceledException or ArgumentException)
        {
            refused = "mail-unreadable";
            return null;
        }

        if (mail.Headers.Count == 0 || (mail.From.Count == 0 && mail.Headers[HeaderId.Subject] is null && mail.Headers[HeaderId.Received] is null)) refused = "mail-unreadable";
        else if (Count(mail.Body, 0) > MostParts) refused = "mail-too-many-parts";
        if (refused is not null) return null;

        var text = new StringBuilder();
        var files = new List<(string, byte[])>();
        Gather(mail, text, files, 0);
        var said = text.ToString().Trim();
        var from = mail.From.Mailboxes.FirstOrDefault() ?? mail.Sender;
        var address = Plain(from?.Address ?? "", 254);
        var name = Plain(from?.Name ?? "", 120);
        var sender = name.Length == 0 ? address : address.Length == 0 ? name : $"{name} <{address}>";
        var dated = mail.Headers[HeaderId.Date] is not null && mail.Date.Year > 1990 ? mail.Date : (DateTimeOffset?)null;
        return new ReadMail(mail.MessageId ?? "", Cut(sender.Length == 0 ? "?" : sender, 200), MailAddress.IsOne(address) ? address : null, Plain(mail.Subject ?? "", OpenFiles.SubjectMax), dated, said.Length > MostText ? said[..MostText] : said, files, said.Length > MostText);
    }

    /// <summary>The language of most of its letters.</summary>
    public static string LanguageOf(string text)
    {
        var (arabic, devanagari, latin) = (0, 0, 0);
        foreach (var c in text)
        {
            if (c is >= '\u0600' and <= '\u06ff') arabic++;
            else if (c is >= '\u0900' and <= '\u097f') devanagari++;
            else if (char.IsAsciiLetter(c)) latin++;
        }

        return arabic > Math.Max(devanagari, latin) ? "ur" : devanagari > latin ? "hi" : "en";
    }

    private static int Count(MimeEntity? entity, int depth) => entity switch
    {
        _ when depth > MostDepth => MostParts,
        Multipart many => 1 + many.Sum(p => Count(p, depth + 1)),
        MessagePart { Message: { } inner } => 1 + Count(inner.Body, depth + 1),
        _ => 1,
    };

    private static void Gather(MimeMessage mail, StringBuilder text, List<(string, byte[])> files, int depth)
    {
        // A letter that was forwarded is read like the one around it, under its own head.
        if (depth > 0) text.Append("\n\n— ").Append(Plain(mail.From.ToString(), 200)).Append(" · ").Append(Plain(mail.Subject ?? "", OpenFiles.SubjectMax)).Append("\n\n");
        var html = mail.HtmlBody;
        text.Append(Clean(mail.TextBody is { } plain && !string.IsNullOrWhiteSpace(plain) ? plain : html is null ? "" : OfHtml(html)));
        foreach (var part in Leaves(mail.Body))
        {
            if (part is MessagePart { Message: { } inner })
            {
                Gather(inner, text, files, depth + 1);
                continue;
            }

            if (part is not MimePart { Content: { } content } leaf) continue;
            // Text is said above; a signature of the mail itself is none of a paper.
            if ((leaf is TextPart && !leaf.IsAttachment) || leaf.ContentType.MimeType is "application/pkcs7-signature" or "application/x-pkcs7-signature" or "application/pgp-signature") continue;
            using var bytes = new MemoryStream();
            content.DecodeTo(bytes);
            if (leaf is { IsAttachment: false, ContentId: not null } && leaf.ContentType.MediaType == "image" && bytes.Length < SmallPicture) continue;
            files.Add((Plain(leaf.FileName ?? leaf.ContentType.MimeType, 120), bytes.ToArray()));
        }
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity? entity) => entity is Multipart many ? many.SelectMany(Leaves) : entity is null ? [] : [entity];

    /// <summary>What a reader would see of a page, without running or fetching anything of it.</summary>
    private static string OfHtml(string html)
    {
        var text = new StringBuilder();
        var hidden = 0;
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        while (tokens.ReadNextToken(out var token) && text.Length <= MostText)
        {
            switch (token)
            {
                case HtmlTagToken { Id: HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Title or HtmlTagId.Head } tag:
                    if (!tag.IsEmptyElement) hidden = Math.Max(0, hidden + (tag.IsEndTag ? -1 : 1));
                    break;
                case HtmlTagToken { Id: HtmlTagId.Body }:
                    hidden = 0;
                    break;
                case HtmlTagToken { Id: HtmlTagId.Br or HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 }:
                    text.Append('\n');
                    break;
                case HtmlTagToken { Id: HtmlTagId.TD or HtmlTagId.TH, IsEndTag: true }:
                    text.Append(' ');
                    break;
                case HtmlDataToken data when hidden == 0 && token.Kind == HtmlTokenKind.Data:
                    text.Append(string.Join(' ', data.Data.Split((char[]?)null)));
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Without control characters, and without more than one empty line together.</summary>
    private static string Clean(string text)
    {
        var lines = new StringBuilder();
        var empty = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var clean = new string([.. line.Where(c => !char.IsControl(c) || c == '\t')]).TrimEnd();
            empty = clean.Length == 0 ? empty + 1 : 0;
            if (empty < 2) lines.Append(clean).Append('\n');
            if (lines.Length > MostText + 1) break;
        }

        return lines.ToString();
    }

    private static string Plain(string text, int most) => Cut(string.Join(' ', new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), most);

    /// <summary>Half a pair of surrogates is no letter.</summary>
    private static string Cut(string text, int most)
    {
        var cut = text.Length <= most ? text : text[..most];
        return cut.Length > 0 && char.IsHighSurrogate(cut[^1]) ? cut[..^1] : cut;
    }
}
