using Sahulat.Kernel;

namespace Sahulat.Feedback;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class FeedbackProblems
{
    public static readonly Problem AlreadyRated = new("rating-already-given", 409);
    public static readonly Problem Expired = new("rating-expired", 410);
    public static readonly Problem TooManyAttempts = new("too-many-attempts", 429);
    public static readonly Problem KeyMissing = new("idempotency-key-missing", 400);
    public static readonly Problem KeyReused = new("idempotency-key-reused", 422);
    public static readonly Problem Malformed = new("malformed-json", 400);
    public static readonly Problem TooLarge = new("too-large", 413);
    public static readonly Problem PersonAskedOften = new("rating-person-asked-often", 429);
    public static readonly Problem SystemAskedOften = new("rating-system-asked-often", 429);
    public static readonly Problem PersonErased = new("rating-person-erased", 409);
}
