namespace Sahulat.Guarantee.Clock;

/// <summary>States of a clock. <see cref="Waiting"/>: papers are missing, the clock has not started (SRO 223, rule 4).</summary>
internal static class ClockState
{
    public const string Waiting = "waiting", Open = "open", Paused = "paused", Answered = "answered", Lapsed = "lapsed";
}

internal static class Trigger
{
    public const string Lapse = "lapse", Rejection = "rejection", Rating = "rating";
}

/// <summary>The clock of one case, as kept in <c>guarantee.clock</c>. Changes are pure; dates of law alone decide, whenever the sweep comes.</summary>
internal sealed record CaseClock
{
    public Guid CaseId { get; init; }
    public string Reference { get; init; } = "";
    public string Service { get; init; } = "";
    public int ServiceVersion { get; init; }
    public string Law { get; init; } = "";
    public int LawVersion { get; init; }
    public string Place { get; init; } = "";
    public Guid Applicant { get; init; }
    public string? Layer { get; init; }
    public DateOnly? CompleteOn { get; init; }
    public DateOnly? DueOn { get; init; }
    public string State { get; init; } = ClockState.Waiting;
    public DateOnly? AnsweredOn { get; init; }
    public string? Outcome { get; init; }
    public DateTimeOffset? LapsedAt { get; init; }
    public string? Opened { get; init; }
    public string? Trigger { get; init; }
    public string? Authority { get; init; }

    /// <summary>An appeal's: the case that it looks at, and what opened it.</summary>
    public Guid? Parent { get; init; }
    public string? OpenedBy { get; init; }

    /// <summary>The layer whose authority sent the request back to its officer with a date.</summary>
    public string? RemandedBy { get; init; }

    /// <summary>The layer that the next one stands above.</summary>
    public string? Above => RemandedBy ?? Layer;

    /// <summary>Who answered.</summary>
    public string? Post { get; init; }
    public int Queries { get; init; }

    /// <summary>The day that an interim reply named.</summary>
    public DateOnly? PromisedOn { get; init; }

    public bool Running => State is ClockState.Waiting or ClockState.Open or ClockState.Paused;

    /// <summary>An appeal for which the law sets no time: known, so that the proof finds it.</summary>
    public bool Untimed => DueOn is null && CompleteOn is not null;

    public CaseClock Start(DateOnly complete, DateOnly? due) =>
        Running ? this with { CompleteOn = complete, DueOn = due, State = due is null ? ClockState.Waiting : ClockState.Open } : this;

    public CaseClock Stop() => State == ClockState.Open ? this with { State = ClockState.Paused } : this;

    public CaseClock GoOn(DateOnly? due) =>
        State is ClockState.Open or ClockState.Paused ? this with { State = ClockState.Open, DueOn = due ?? DueOn } : this;

    /// <summary>Sent back by an authority: a clock of its own begins, whatever the first one came to.</summary>
    public CaseClock Remand(string layer, DateOnly due) => this with
    {
        State = ClockState.Open, DueOn = due, RemandedBy = layer, AnsweredOn = null, Outcome = null, LapsedAt = null, Opened = null, Trigger = null, Authority = null, Post = null,
    };

    /// <summary>An interim reply moves the date of a clock that runs; what has lapsed is not undone.</summary>
    public CaseClock Promise(DateOnly until) =>
        State is ClockState.Open or ClockState.Paused ? this with { DueOn = until, PromisedOn = until } : this;

    /// <summary>An answer after the date does not undo the lapse; a withdrawal ends the matter whenever it comes.</summary>
    public CaseClock Answer(string outcome, DateOnly on, DateTimeOffset at)
    {
        if (!Running) return this with { AnsweredOn = on, Outcome = outcome };
        var late = State == ClockState.Open && on > DueOn && outcome != "withdrawn";
        return this with { AnsweredOn = on, Outcome = outcome, State = late ? ClockState.Lapsed : ClockState.Answered, LapsedAt = late ? at : null };
    }
}
