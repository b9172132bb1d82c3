using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Catalogue;

/// <summary>A form as a service declares it.</summary>
public sealed record FormDefinition(IReadOnlyList<FormPage> Pages, IReadOnlyList<FormCheck> Checks);

public sealed record FormPage(string Id, LocalText Title, LocalText? Intro, Condition? When, IReadOnlyList<FormField> Fields, IReadOnlyList<FormCheck> Checks);

public enum FieldType
{
    Text,
    Number,
    Money,
    Date,
    Choice,
    Place,
    Person,
    Document,
    Group,
}

/// <summary>One question. Which of the optional parts count depends on <see cref="Type"/>.</summary>
public sealed record FormField(string Name, FieldType Type, LocalText Label)
{
    public LocalText? Hint { get; init; }

    public bool Required { get; init; } = true;

    public Condition? When { get; init; }

    /// <summary>Text: characters. Number, money: greatest value. Group: rows.</summary>
    public decimal? Max { get; init; }

    public decimal? Min { get; init; }

    /// <summary>Date: ISO, or <c>today</c>, <c>today-18y</c>, <c>today+30d</c>.</summary>
    public string? Earliest { get; init; }

    public string? Latest { get; init; }

    public bool Multiline { get; init; }

    public int Rows { get; init; } = 4;

    /// <summary>mobile, pin, email, vehicle, aadhaar-last4, or an expression.</summary>
    public string? Pattern { get; init; }

    public LocalText? Unit { get; init; }

    public IReadOnlyList<FieldOption> Options { get; init; } = [];

    public bool Many { get; init; }

    /// <summary>Kind of place.</summary>
    public string? Level { get; init; }

    /// <summary>name, father_name, mother_name, born_on, gender, relation.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    public int MaxMegabytes { get; init; } = 5;

    /// <summary>The questions of one row of a group.</summary>
    public IReadOnlyList<FormField> Fields { get; init; } = [];
}

public sealed record FieldOption(string Code, LocalText Label);

/// <summary>Holds when the answer to <paramref name="Field"/> is one of <paramref name="AnyOf"/>; with <paramref name="Not"/>, when it is none of them.</summary>
public sealed record Condition(string Field, IReadOnlyList<string> AnyOf, bool Not);

/// <param name="Kind">before, after, not_equal.</param>
public sealed record FormCheck(string Kind, string Field, string Other, LocalText Text);
