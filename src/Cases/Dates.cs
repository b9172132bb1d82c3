using Microsoft.AspNetCore.Http;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases;

/// <summary>Dates that officials set.</summary>
internal static class Dates
{
    /// <summary>After today, and not absurdly far.</summary>
    public static void Check(Check check, string field, DateOnly? date, DateOnly today, DateOnly last)
    {
        if (!check.That(date is not null, field, "not-a-date")) return;
        check.That(date > today, field, "date-too-early", today.AddDays(1));
        check.That(date <= last, field, "date-too-late", last);
    }

    /// <returns>False where something was written that is no date.</returns>
    public static bool Read(IFormCollection form, string field, out DateOnly? date)
    {
        var boxes = DateBoxes.Read(form, field);
        date = boxes.Date;
        return boxes.Empty || date is not null;
    }
}
