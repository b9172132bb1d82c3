using Sahulat.Cases.Hear;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Examine;

/// <param name="DueOn">The step's own limit inside the service's; null where it has none.</param>
/// <param name="Clock">That limit day by day.</param>
internal sealed record StepShown(string Name, string Post, string State, bool Parallel, bool Own, DateOnly? OpenedOn, DateOnly? DueOn, string? Result, Due? Clock);

internal sealed record PaperShown(Guid Id, string Label, string Name, string Type, long Size);

/// <summary>One act of the journal in words.</summary>
/// <param name="Of">Reference of the case it belongs to, where an appeal shows its parent's acts too.</param>
/// <param name="InPlaceOf">The vacant post for which a superior acted.</param>
/// <param name="Words">What the person wrote.</param>
internal sealed record ActShown(string Of, long Version, DateTimeOffset At, string What, string By, string? InPlaceOf, string? Words);

/// <summary>One case as an officer sees it: on a page of its own, or beside the worklist.</summary>
internal sealed class CaseFile
{
    public required Case Case { get; init; }

    public Case? Parent { get; init; }

    public required string Service { get; init; }

    public required string Place { get; init; }

    public required DateOnly Today { get; init; }

    public required IReadOnlyList<StepShown> Steps { get; init; }

    public required IReadOnlyList<SummaryRow> Answers { get; init; }

    public required IReadOnlyList<PaperShown> Papers { get; init; }

    /// <summary>The statutory clock, day by day; null while none runs.</summary>
    public required Due? Clock { get; init; }

    public required IReadOnlyList<ActShown> Acts { get; init; }

    /// <summary>The officer's own open step; null where he only looks on.</summary>
    public WorkflowStep? Step { get; init; }

    /// <summary>Whether the order on this appeal is his.</summary>
    public bool Order { get; init; }

    /// <summary>Hearings, directions, stays of this case.</summary>
    public required ProceedingsShown Done { get; init; }

    /// <summary>Whether he may fix hearings, give directions or record a stay here.</summary>
    public bool Conducts { get; init; }

    /// <summary>Name of the vacant post for which he acts.</summary>
    public string? InPlaceOf { get; init; }

    /// <summary>Letters about it in the diaries of offices, and their files, as far as he may see them.</summary>
    public required IReadOnlyList<CaseOnFile> OnFile { get; init; }

    /// <summary>Signed papers that went out with it.</summary>
    public required IReadOnlyList<CaseOrder> Orders { get; init; }

    public IReadOnlyList<Choice> Colleagues { get; init; } = [];

    public IReadOnlyList<Choice> Reasons { get; init; } = [];

    /// <summary>What a grievance's office may choose from; null for other cases and for one who only looks on.</summary>
    public Redress.RedressChoices? Redress { get; init; }

    /// <summary>The worklist's filter, to go on where he was.</summary>
    public string List { get; set; } = "";

    public bool Pane { get; set; }

    /// <summary>The transfer's choices shown at once, where he was sent to them.</summary>
    public bool TransferOpen { get; set; }

    public string? Previous { get; set; }

    public string? Next { get; set; }

    /// <summary>The day of the limit that today is; null before it began or while it stands.</summary>
    public int? DayToday => Clock?.Days.LastOrDefault(d => d.Date <= Today && d.Number is not null)?.Number;

    public int? DaysLeft => Case.DueOn is { } due && !Case.Ended ? due.DayNumber - Today.DayNumber : null;
}
