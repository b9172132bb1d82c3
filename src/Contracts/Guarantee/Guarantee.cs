using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Guarantee;

/// <summary>The statutory clock: pure, from the catalogue and the calendar in memory.</summary>
public interface IStatutoryClock
{
    /// <summary>Due date of a service's request that was complete on a day; null when the service has no guarantee or the clock stands.</summary>
    /// <param name="service">Code of the service.</param>
    /// <param name="version">The service's version under which the case was filed.</param>
    /// <param name="place">Code of the place whose holidays count.</param>
    /// <param name="lawVersion">The law's version on the day of filing, which the case keeps; null takes the one of the day on which it was complete.</param>
    DateOnly? DueOn(string service, int version, string place, DateOnly complete, IReadOnlyList<Pause> pauses, int? lawVersion = null);

    /// <summary>The same with its day-by-day ledger.</summary>
    Due? Explain(string service, int version, string place, DateOnly complete, IReadOnlyList<Pause> pauses, int? lawVersion = null);

    /// <summary>Due date of an appeal layer's order.</summary>
    Due? ExplainAppeal(string law, int version, string layer, string place, DateOnly filed, IReadOnlyList<Pause> pauses);

    /// <summary>How far an interim reply may move the date; null where the law knows none.</summary>
    DateOnly? LatestOn(string law, int version, string place, DateOnly complete);

    /// <summary>The ledger of a step's own limit.</summary>
    Due ExplainStep(string service, int version, string place, DateOnly opened, int days, int? lawVersion = null);

    /// <summary>Due date of a step that has a limit of its own inside the service's.</summary>
    DateOnly StepDueOn(string service, int version, string place, DateOnly opened, int days, int? lawVersion = null);
}

/// <summary>Stream <c>clock/{case id:N}</c>. The case's date passed, or it was rejected where the law sends a rejection upward (rule 3-A): the next layer opens. The Cases room follows and files the appeal, exactly once.</summary>
/// <param name="Case">The case that was not answered.</param>
/// <param name="Layer">The law's layer that opens.</param>
/// <param name="Trigger"><c>lapse</c>, <c>rejection</c> or <c>rating</c>.</param>
/// <param name="Post">The authority who must decide now.</param>
public sealed record AppealDue(Guid Case, string Reference, string Service, int ServiceVersion, string Law, int LawVersion, string Layer, string Trigger, string Place, Guid Applicant, string? Post, string? Wanted, DateOnly DueOn, DateOnly FiledOn, DateOnly? DecideBy) : IJournalBody
{
    public static string Kind => "guarantee.appeal-due";
}

/// <summary>Stream <c>clock/{case id:N}</c>. The authority that must decide now has no holder (<c>vacant</c>) or does not exist (<c>missing</c>); the appeal went upward to <paramref name="Took"/>.</summary>
public sealed record AuthorityVacant(Guid Case, string Reference, string Layer, string? Wanted, string? Took, string Why) : IJournalBody
{
    public static string Kind => "guarantee.authority-vacant";
}

/// <summary>The sweep for passed dates, for verbs: a serving node runs it by itself.</summary>
public interface ILapseSweep
{
    /// <param name="today">What was due before this day has lapsed.</param>
    /// <param name="progress">How many have lapsed so far.</param>
    Task<SweepResult> Run(DateOnly today, IProgress<long>? progress = null, CancellationToken ct = default);
}

/// <param name="Looked">Clocks read.</param>
/// <param name="LeftOver">Open clocks past their date afterwards: must be 0.</param>
public sealed record SweepResult(long Looked, long Lapsed, long Appeals, long Alarms, long LeftOver);
