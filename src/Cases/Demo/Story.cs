using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Demo;

/// <summary>What happens to one synthetic request, fixed by the plan's seed and its number alone. Days are counted from when it was its turn.</summary>
/// <param name="Ago">Filed so many days before today.</param>
/// <param name="District">Which of the districts, by rank.</param>
/// <param name="PapersAfter">Days until missing papers come; null: never.</param>
/// <param name="Pace">Days that each step takes at most, before it is late.</param>
/// <param name="StuckAt">The step (from 0) that nobody ever acts on.</param>
internal sealed record Story(int Number, int Ago, int District, string Service, Lang Lang, int Person, bool AtCounter, bool Incomplete, int? PapersAfter, bool Query, int? AnswerAfter, bool Forward, bool Rejected, int Pace, int? StuckAt, int? WithdrawAfter)
{
    private static readonly (string Service, int Weight)[] Services =
    [
        ("income-certificate", 20), ("domicile-certificate", 18), ("character-certificate", 10), ("ration-card-application", 10), ("birth-certificate-municipal-corporation", 8), ("drinking-water-connection", 8),
        ("job-card", 8), ("legal-heir-certificate", 6), ("vehicle-fitness-certificate", 6), ("marriage-certificate-special", 4), ("age-certificate", 4), ("film-shooting-permission", 2),
    ];

    /// <summary>Of a hundred requests so many are grievances.</summary>
    private const int Grievances = 12;

    private static readonly (string Service, int Weight)[] Subjects =
    [
        ("water-supply", 20), ("power-supply", 16), ("road-repair", 14), ("sanitation", 10), ("ration-shop", 8), ("street-light", 8), ("hospital", 6), ("social-pension", 6), ("land-records", 6), ("school", 4), ("service-delay", 4), ("police-conduct", 2),
    ];

    private static readonly (Lang Lang, int Weight)[] Languages = [(Lang.Ur, 34), (Lang.En, 26), (Lang.Hi, 22), (Lang.Ks, 10), (Lang.Doi, 8)];

    public static int People(DemoPlan plan) => Math.Max(20, plan.Cases * 2 / 5);

    public static Random Chance(DemoPlan plan, int number) => new(unchecked((plan.Seed * 1_000_003) + number));

    public static Story Of(DemoPlan plan, int number, IReadOnlySet<string> online)
    {
        var chance = Chance(plan, number);
        var service = Pick(chance, Services.Where(s => online.Contains(s.Service)).ToArray());
        var incomplete = chance.Next(100) < 12;
        var slow = chance.Next(100) < 16;
        return new Story(
            number, 1 + chance.Next(plan.Days), number, service, Pick(chance, Languages), chance.Next(People(plan)), chance.Next(100) < 15,
            incomplete, chance.Next(100) < 60 ? 2 + chance.Next(9) : null,
            chance.Next(100) < 15, chance.Next(100) < 70 ? 1 + chance.Next(8) : null,
            chance.Next(100) < 8, chance.Next(100) < 11,
            slow ? 14 + chance.Next(12) : 1 + chance.Next(5),
            chance.Next(100) < 11 ? chance.Next(3) : null,
            chance.Next(100) < 4 ? 1 + chance.Next(12) : null) is var story && chance.Next(100) < Grievances && Subjects.Where(s => online.Contains(s.Service)).ToArray() is { Length: > 0 } subjects ? story with { Service = Pick(chance, subjects), Incomplete = false, AtCounter = false } : story;
    }

    private static T Pick<T>(Random chance, (T Value, int Weight)[] from)
    {
        var at = chance.Next(from.Sum(f => f.Weight));
        foreach (var (value, weight) in from)
            if ((at -= weight) < 0) return value;
        return from[^1].Value;
    }
}
