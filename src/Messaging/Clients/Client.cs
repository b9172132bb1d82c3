namespace Sahulat.Messaging.Clients;

/// <summary>A department's system, by the key it came with.</summary>
/// <param name="KeyKind">live; team: to guests only; test: nothing leaves.</param>
/// <param name="MayWarn">Whether it may send warnings of danger, which overtake all else.</param>
internal sealed record Client(Guid Service, string Code, string Name, Guid Key, string KeyKind, string Secret, bool Trial, int PerMinute, int PerDay, int AbroadPerDay, bool MayWarn)
{
    /// <summary>Sahulat itself.</summary>
    public static readonly Client Own = new(new("00000000-0000-7000-8000-00005a4855c4"), "sahulat", "Sahulat", Guid.Empty, "live", "", false, int.MaxValue, int.MaxValue, int.MaxValue, true);

    /// <summary>A service on trial may try it out.</summary>
    public const int TrialPerDay = 50;

    public int DayLimit => Trial ? Math.Min(TrialPerDay, PerDay) : PerDay;
}
