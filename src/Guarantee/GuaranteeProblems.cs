using Sahulat.Kernel;

namespace Sahulat.Guarantee;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class GuaranteeProblems
{
    /// <summary>Who wrote an order down does not put it into force.</summary>
    public static readonly Problem OwnOrder = new("holiday-own", 409);

    /// <summary>Another administrator decided first.</summary>
    public static readonly Problem OrderDecided = new("holiday-decided", 409);

    /// <summary>The same day of the same place waits already, or is closed already, or has no holiday to take back.</summary>
    public static readonly Problem NothingToChange = new("holiday-nothing", 409);
}
