namespace Sahulat.Insight.Count;

/// <summary>What is counted of one request. Entries change it; its share in the counters is a pure function of it, so a change is the new share less the old.</summary>
internal sealed record Matter
{
    public Guid CaseId { get; init; }
    public string Service { get; init; } = "";
    public int ServiceVersion { get; init; }
    public string? Law { get; init; }
    public int? LawVersion { get; init; }
    public string Place { get; init; } = "";
    public string? Department { get; init; }
    public string? District { get; init; }
    public string? Office { get; init; }
    public DateOnly ReceivedOn { get; init; }
    public DateOnly? CompleteOn { get; init; }
    public DateOnly? DueOn { get; init; }

    /// <summary>The law lets the clock stand while the applicant is asked: no date falls meanwhile.</summary>
    public bool Paused { get; init; }

    /// <summary>The sweep has called it late: a later calendar does not move it.</summary>
    public bool Lapsed { get; init; }
    public DateOnly? AnsweredOn { get; init; }
    public string? Outcome { get; init; }
    public DateOnly? AppealedOn { get; init; }

    private bool Withdrawn => Outcome == "withdrawn";

    public IEnumerable<(string Kind, string Code)> Subjects()
    {
        yield return (Kinds.All, Kinds.All);
        yield return (Kinds.Service, Service);
        if (Department is not null) yield return (Kinds.Department, Department);
        if (District is not null) yield return (Kinds.District, District);
        if (Office is not null) yield return (Kinds.Office, Office);
    }

    /// <summary>Its share by month: received when filed, in time or late when its date fell, its days when answered, appealed when the first appeal was filed.</summary>
    public IEnumerable<(DateOnly Month, Tally Share)> Shares()
    {
        yield return (Month(ReceivedOn), new Tally { Received = 1 });
        if (DueOn is { } due && !Paused)
        {
            // A request that was taken back before its date needed no answer.
            if (AnsweredOn <= due)
            {
                if (!Withdrawn) yield return (Month(due), new Tally { InTime = 1 });
            }
            else
            {
                yield return (Month(due), new Tally { Late = 1 });
            }
        }

        if (AnsweredOn is { } answered && !Withdrawn) yield return (Month(answered), Tally.Answered(answered.DayNumber - ReceivedOn.DayNumber));
        if (AppealedOn is { } appealed) yield return (Month(appealed), new Tally { Appealed = 1 });
    }

    public static DateOnly Month(DateOnly day) => new(day.Year, day.Month, 1);
}
