namespace Sahulat.Kernel;

/// <summary>One fault in an input. <paramref name="Pointer"/> is a JSON pointer (RFC 6901) or a form field name; the text is <c>fault.{Code}</c> in the reader's language.</summary>
public sealed record Fault(string Pointer, string Code, params object?[] Args);

/// <summary>A refusal: a value, never an exception. <paramref name="Code"/> is permanent; <paramref name="Status"/> is the HTTP status; the text is <c>problem.{Code}</c> in the reader's language.</summary>
public sealed record Problem(string Code, int Status, params object?[] Args)
{
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public static Problem Invalid(IEnumerable<Fault> faults) => new("invalid-input", 422) { Faults = [.. faults] };

    public static readonly Problem NotFound = new("not-found", 404);
    public static readonly Problem Forbidden = new("forbidden", 403);

    /// <summary>Somebody else changed the same thing first (optimistic lock).</summary>
    public static readonly Problem Conflict = new("changed-meanwhile", 409);
}

/// <summary>Whether an outcome may be committed.</summary>
public interface IOutcome
{
    Problem? Problem { get; }
}

/// <summary>A value or a refusal. A class, so that its default is null and never reads as success.</summary>
public sealed class Result<T> : IOutcome
{
    private readonly T? value;

    private Result(T? value, Problem? problem) => (this.value, Problem) = (value, problem);

    public Problem? Problem { get; }

    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Problem))]
    public bool Ok => Problem is null;

    public T Value => Problem is null ? value! : throw new InvalidOperationException($"refused: {Problem.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default, problem);
}

/// <summary>The value of an outcome that has nothing to tell but that it happened.</summary>
public sealed record Done
{
    public static readonly Done It = new();
}

/// <summary>Collects every fault of an input before refusing it.</summary>
public sealed class Check
{
    private readonly List<Fault> faults = [];

    public bool Ok => faults.Count == 0;

    public IReadOnlyList<Fault> Faults => faults;

    public bool That(bool holds, string pointer, string code, params object?[] args)
    {
        if (!holds) faults.Add(new Fault(pointer, code, args));
        return holds;
    }

    public void Add(Fault fault) => faults.Add(fault);

    public Problem ToProblem() => Problem.Invalid(faults);
}
