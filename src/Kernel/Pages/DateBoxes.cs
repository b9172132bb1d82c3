using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sahulat.Kernel.Pages;

/// <summary>A date as it was typed in three boxes. <see cref="Empty"/>: nothing typed; <see cref="Date"/> null and not empty: no real date.</summary>
public sealed record DateBoxes(DateOnly? Date, bool Empty)
{
    /// <summary>ISO date; what was typed, if it is no date; "" if nothing was typed.</summary>
    public string Text { get; private init; } = "";

    public static DateBoxes Read(IFormCollection form, string name)
    {
        string[] parts = [Digits(form[name + ".year"].ToString()), Digits(form[name + ".month"].ToString()), Digits(form[name + ".day"].ToString())];
        if (parts.All(p => p == "")) return new(null, true);
        if (parts[0].Length == 4 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            && year > 0 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month))
        {
            var date = new DateOnly(year, month, day);
            return new(date, false) { Text = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        }

        return new(null, false) { Text = string.Join('-', parts) };
    }

    // Urdu and Hindi keyboards type their own digits.
    private static string Digits(string text) =>
        string.Concat(text.Trim().Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)char.GetNumericValue(c)) : c));
}
