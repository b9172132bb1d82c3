using System.Globalization;

namespace Sahulat.Kernel.Language;

/// <summary>The texts of one request's language. Outside a request: <see cref="TextCatalogue.In"/>.</summary>
public sealed class Texts(TextCatalogue catalogue)
{
    private const char Isolate = '\u2068', IsolateLtr = '\u2066', EndIsolate = '\u2069';

    // India has kept one offset since 1945, so the zone needs no table.
    private static readonly TimeSpan IndianOffset = new(5, 30, 0);
    private static readonly NumberFormatInfo IndianNumbers = new() { NumberGroupSizes = [3, 2], NumberDecimalDigits = 0 };

    public Lang Lang { get; set; } = Lang.En;

    /// <summary>True once a text was shown that no reader of the language has confirmed.</summary>
    public bool MachineMadeShown { get; private set; }

    /// <summary>The text, else the English one, else the key.</summary>
    public string this[string key]
    {
        get
        {
            if (catalogue.Find(Lang, key) is not { } text) return catalogue.Find(Lang.En, key) ?? key;
            if (IsMachineMade(key)) MachineMadeShown = true;
            return text;
        }
    }

    /// <summary>The text with {0}… filled in; {0:day|days} names what a number counts. Dates, moments, numbers and data texts are written as this language writes them;
    /// in right-to-left languages each argument is isolated (U+2068…2069).</summary>
    public string this[string key, params object?[] args] => string.Format(CultureInfo.InvariantCulture, this[key], [.. args.Select(Argument)]);

    public bool Has(string key) => catalogue.Find(Lang.En, key) is not null;

    public bool IsMachineMade(string key) => !catalogue.IsConfirmed(Lang, key);

    public string Problem(Problem problem) => Any($"problem.{problem.Code}", "problem.other", problem.Args);

    public string Fault(Fault fault) => Any($"fault.{fault.Code}", "fault.other", fault.Args);

    /// <summary>24 November 2026.</summary>
    public string Date(DateOnly date) => string.Format(CultureInfo.InvariantCulture, this["kernel.date"], date.Day, Month(date.Month), date.Year);

    /// <summary>24 Nov 2026, for dense tables.</summary>
    public string ShortDate(DateOnly date) => string.Format(CultureInfo.InvariantCulture, this["kernel.date"], date.Day, this[$"kernel.month-short.{date.Month}"], date.Year);

    public string Month(int month) => this[$"kernel.month.{month}"];

    public string Weekday(DayOfWeek day) => this[$"kernel.weekday.{(int)day}"];

    /// <summary>The date and time of day in India.</summary>
    public string DateTime(DateTimeOffset instant) =>
        string.Format(CultureInfo.InvariantCulture, this["kernel.date-time"], Date(DateOnly.FromDateTime(instant.ToOffset(IndianOffset).DateTime)), Isolated(Time(instant)));

    /// <summary>The time of day in India.</summary>
    public string Time(DateTimeOffset instant)
    {
        var local = instant.ToOffset(IndianOffset);
        return string.Format(CultureInfo.InvariantCulture, "{0:h:mm} {1}", local.DateTime, this[local.Hour < 12 ? "kernel.am" : "kernel.pm"]);
    }

    /// <summary>12,34,567: groups of three, then of two.</summary>
    public string Number(long number) => number.ToString("N0", IndianNumbers);

    /// <summary>Rupees; paise only when there are some.</summary>
    public string Money(decimal rupees)
    {
        var text = "₹" + rupees.ToString(decimal.Truncate(rupees) == rupees ? "N0" : "N2", IndianNumbers);
        return Lang.RightToLeft ? $"{IsolateLtr}{text}{EndIsolate}" : text;
    }

    /// <summary>A path of this site in the language of this request.</summary>
    public string Url(string path) => path is "" or "/" ? $"/{Lang.Code}" : $"/{Lang.Code}{(path[0] == '/' ? "" : "/")}{path}";

    private string Any(string key, string otherwise, object?[] args)
    {
        if (Has(key)) return args.Length == 0 ? this[key] : this[key, args];
        return this[otherwise];
    }

    private object Argument(object? arg) => arg switch
    {
        int number => new Counted(Isolated(Number(number)), number == 1),
        long number => new Counted(Isolated(Number(number)), number == 1),
        _ => Isolated(Written(arg)),
    };

    private string Written(object? arg) => arg switch
    {
        null => "",
        LocalText text => text.In(Lang),
        Lang lang => lang.NativeName,
        DateOnly date => Date(date),
        DateTimeOffset instant => DateTime(instant),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => arg.ToString() ?? "",
    };

    private string Isolated(string text) => Lang.RightToLeft && text.Length > 0 ? $"{Isolate}{text}{EndIsolate}" : text;

    /// <summary>A number in a text: <c>{0}</c>, or with what is counted, <c>{0:day|days}</c>.</summary>
    private sealed class Counted(string written, bool one) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => format?.Split('|') is [var single, var many] ? $"{written} {(one ? single : many)}" : written;

        public override string ToString() => written;
    }
}
