using System.Globalization;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Rate;

/// <summary>
/// A reply by keypad, or the same chosen in a conversation: 1 Good, 2 Average, 3 Bad. Of several open requests of one number it answers the one asked last, whose message the person has in front of him; the thanks say which.
/// A second digit shortly after is the same press told twice, never an answer to another request.
/// </summary>
internal sealed class Keypad(Rating rating, Vault vault, TextCatalogue texts, TimeProvider time) : IReplies
{
    /// <summary>How long after the asking a bare digit is still an answer to it.</summary>
    private static readonly TimeSpan Answers = TimeSpan.FromDays(7);

    private static readonly TimeSpan Repeats = TimeSpan.FromMinutes(2);

    /// <summary>How long after a rating a digit is told that it came too late; after that it is somebody else's.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    public bool Could(string text) => Score(text) is not null;

    public async Task<IReadOnlyCollection<string>> Waits(Work work, IReadOnlyCollection<string> from)
    {
        var known = from.Select(f => (From: f, Mobile: Mobile.Normalise(f))).Where(f => f.Mobile is not null).ToLookup(f => Convert.ToHexString(Seals.Contact(vault, f.Mobile!)), f => f.From);
        var waited = await work.Query<byte[]>("select distinct contact from feedback.assessment where contact = any(@contacts) and (state = 'open' or rated_at > @since)", new { contacts = known.Select(k => Convert.FromHexString(k.Key)).ToArray(), since = time.GetUtcNow() - Late });
        return [.. waited.SelectMany(c => known[Convert.ToHexString(c)])];
    }

    public async Task<string?> Take(Work work, SaidText said)
    {
        if (Score(said.Text) is not { } score || Mobile.Normalise(said.From) is not { } mobile) return null;
        var now = time.GetUtcNow();
        DateTimeOffset After(TimeSpan span) => said.Since is { } since && since > now - span ? since : now - span;
        var contact = Seals.Contact(vault, mobile);
        // One number's replies are taken one after the other.
        await work.Execute("select pg_advisory_xact_lock(hashtextextended('feedback.keypad/' || encode(@contact, 'hex'), 0))", new { contact });
        var rated = await work.One<Assessment>($"select {Assessment.Columns} from feedback.assessment where contact = @contact and state = 'rated' and rated_at > @since order by rated_at desc limit 1", new { contact, since = After(Late) });
        if (rated?.RatedAt > now - Repeats) return "";
        var open = await work.One<Assessment>($"select {Assessment.Columns} from feedback.assessment where contact = @contact and state = 'open' and expires_at > @now and asked_at > @since order by asked_at desc, id desc limit 1", new { contact, now, since = After(Answers) });
        if (open is null) return rated is null || said.Since is not null ? null : T(rated)["feedback.keypad.already", rated.Shown];
        var done = await rating.Rate(work, open, new Given(score, [], [], null, said.Channel));
        if (!done.Ok) return T(open)["feedback.keypad.already", open.Shown];
        return said.Channel == "sms" ? "" : T(open)["feedback.keypad.thanks", open.Shown, T(open)[$"feedback.score.{score}"]];
    }

    /// <summary>One digit in any script, with nothing beside it but spaces and points.</summary>
    public static string? Score(string text)
    {
        if (text.Length > 20) return null;
        int? digit = null;
        foreach (var rune in text.EnumerateRunes())
        {
            if (System.Text.Rune.IsDigit(rune))
            {
                if (digit is not null) return null;
                digit = (int)System.Text.Rune.GetNumericValue(rune);
            }
            else if (!System.Text.Rune.IsWhiteSpace(rune) && System.Text.Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.OtherPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark))
            {
                return null;
            }
        }

        return digit is >= 1 and <= 3 ? Rating.Scores[digit.Value - 1] : null;
    }

    private Texts T(Assessment a) => texts.In(Lang.Find(a.Lang) ?? Lang.En);
}
