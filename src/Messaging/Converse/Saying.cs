using System.Text;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Converse;

/// <summary>The same reply as each channel can show it.</summary>
internal static class Saying
{
    /// <summary>USSD carries 160 octets: 182 characters of the GSM alphabet, 80 of any other (3GPP TS 23.038, UCS-2).</summary>
    public const int UssdPlain = 182, UssdWide = 80;

    /// <summary>Three parts as SMS in any script are as much as people read.</summary>
    private const int SmsMost = 1000, ChatMost = 4000;

    /// <summary>WhatsApp shows three buttons or a list of ten; Telegram as many as one likes.</summary>
    private const int WhatsAppMost = 10, TelegramMost = 60, WhatsAppBody = 1024;

    /// <summary>What more of a reply is asked for with on USSD.</summary>
    public const string More = "0";

    public static (string Text, IReadOnlyList<Option>? Options) For(string channel, Reply reply)
    {
        var text = reply.Text;
        return channel switch
        {
            "whatsapp" when reply.Options.Count is > 0 and <= WhatsAppMost && text.Length is > 0 and <= WhatsAppBody => (text, reply.Options),
            "telegram" when reply.Options.Count is > 0 and <= TelegramMost => (Cut(text.Length == 0 ? "…" : text, ChatMost), reply.Options),
            "sms" => (Sms(Numbered(text, reply.Options)), null),
            _ => (Cut(Numbered(text, reply.Options), ChatMost), null),
        };
    }

    /// <summary>A reply in as few SMS as there are registered texts for. What is of none has no template.</summary>
    public static IReadOnlyList<(string Text, string? Template)> Registered(Reply reply, Registered known)
    {
        var said = reply.Text.Split(Engine.Between);
        var pieces = new List<(string Text, string? Template)>();
        for (var from = 0; from < said.Length;)
        {
            (string Text, string? Template) Piece(int to)
            {
                var text = Sms(Numbered(string.Join(Engine.Between, said[from..to]), to == said.Length ? reply.Options : []));
                return (text, known.Match(text));
            }

            var to = said.Length;
            var piece = Piece(to);
            while (piece.Template is null && to > from + 1) piece = Piece(--to);
            pieces.Add(piece.Template is null ? Piece(to = said.Length) : piece);
            from = to;
        }

        return pieces;
    }

    /// <summary>Numbers before choices, one a line.</summary>
    public static string Numbered(string text, IReadOnlyList<Option> options)
    {
        if (options.Count == 0) return text;
        var all = new StringBuilder(text);
        for (var i = 0; i < options.Count; i++) all.Append(all.Length == 0 ? "" : "\n").Append(i + 1).Append(". ").Append(options[i].Label);
        return all.ToString();
    }

    /// <summary>A text as it goes out by SMS.</summary>
    public static string Sms(string text)
    {
        // What shows nothing costs a whole alphabet: direction marks are left out where a phone shows plain text.
        var plain = string.Concat(text.Where(c => c is not (>= '\u2066' and <= '\u2069')));
        if (Gsm7.Plain(plain) is var gsm && Gsm7.Holds(gsm)) plain = gsm;
        return Cut(plain, SmsMost);
    }

    /// <summary>Pages for USSD, each with what leads to the next. Numbers of choices run through all pages and hold on each.</summary>
    public static IReadOnlyList<string> Pages(Reply reply, string more)
    {
        var text = Sms(Numbered(reply.Text.Replace("\n\n", "\n", StringComparison.Ordinal), reply.Options));
        var most = Gsm7.Holds(text + more) ? UssdPlain : UssdWide;
        if (Gsm7.Holds(text + more) ? Gsm7.Measure(text).Length <= most : text.Length <= most) return [text];
        var (pages, tail) = (new List<string>(), $"\n{More}. {more}");
        var room = most - tail.Length - (Gsm7.Holds(text) ? 4 : 0);
        while (text.Length > 0)
        {
            if (Fits(text, most))
            {
                pages.Add(text);
                break;
            }

            var end = Math.Min(room, text.Length);
            var at = text.LastIndexOf('\n', end - 1, end);
            if (at < room / 2) at = text.LastIndexOf(' ', end - 1, end);
            if (at < room / 3) at = char.IsHighSurrogate(text[end - 1]) ? end - 1 : end;
            pages.Add(text[..at].TrimEnd() + tail);
            text = text[at..].TrimStart();
        }

        return pages;
    }

    private static bool Fits(string text, int most) => Gsm7.Holds(text) ? Gsm7.Measure(text).Length <= most : text.Length <= most;

    private static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most - 1;
        return (char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]) + "…";
    }
}
