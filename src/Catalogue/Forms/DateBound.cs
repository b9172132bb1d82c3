using System.Globalization;

namespace Sahulat.Catalogue.Forms;

/// <summary>The earliest or latest date of an answer: a day, or so many days, months or years from today.</summary>
internal sealed class DateBound
{
    /// <summary>Any day serves to compare two bounds that both move with today.</summary>
    public static readonly DateOnly AnyDay = new(2026, 1, 15);

    private readonly DateOnly? fixedDay;
    private readonly int amount;
    private readonly char unit;

    private DateBound(DateOnly? fixedDay, int amount, char unit) => (this.fixedDay, this.amount, this.unit) = (fixedDay, amount, unit);

    public static DateBound? Parse(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return new(day, 0, 'd');
        if (text == "today") return new(null, 0, 'd');
        if (text.Length < 8 || !text.StartsWith("today", StringComparison.Ordinal) || text[5] is not ('+' or '-') || text[^1] is not ('d' or 'm' or 'y')) return null;
        if (!int.TryParse(text.AsSpan(6, text.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount > 40_000) return null;
        if (text[^1] == 'y' && amount > 1_000) return null;
        return new(null, text[5] == '-' ? -amount : amount, text[^1]);
    }

    public bool Comparable(DateBound other) => fixedDay is null == other.fixedDay is null;

    public DateOnly On(DateOnly today) => fixedDay ?? unit switch
    {
        'y' => today.AddYears(amount),
        'm' => today.AddMonths(amount),
        _ => today.AddDays(amount),
    };
}
