using Sahulat.Contracts.Catalogue;

namespace Sahulat.Cases.Penalise;

/// <summary>What the law's rule comes to for so many late days: a draft, line by line. Pure; it fines nobody.</summary>
/// <param name="Counted">Days × the amount of a day, before the cap; null where the rule does not count days.</param>
/// <param name="Amount">0 where the rule only sets a cap and the authority decides the sum.</param>
internal sealed record PenaltyDraft(PenaltyRule Rule, int Days, decimal? Counted, decimal Amount)
{
    public decimal? Cap => Rule.Max ?? Rule.Amount;

    public static PenaltyDraft Of(PenaltyRule rule, int days)
    {
        if (rule.PerDay is { } daily)
        {
            var counted = daily * days;
            return new(rule, days, counted, rule.Max is { } max ? Math.Min(counted, max) : counted);
        }

        return new(rule, days, null, rule.Amount ?? 0);
    }
}
