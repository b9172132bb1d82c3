using Sahulat.Kernel;

namespace Sahulat.Messaging;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class MessageProblems
{
    public static readonly Problem KeyUnknown = new("message-key-unknown", 401);
    public static readonly Problem KeyMissing = new("idempotency-key-missing", 400);
    public static readonly Problem KeyReused = new("idempotency-key-reused", 422);
    public static readonly Problem Malformed = new("malformed-json", 400);
    public static readonly Problem TooLarge = new("too-large", 413);
    public static readonly Problem NoTemplate = new("message-template-unknown", 422);
    public static readonly Problem NoRoute = new("message-no-route", 422);
    public static readonly Problem GuestsOnly = new("message-guests-only", 403);
    public static readonly Problem TooFast = new("message-too-fast", 429);
    public static readonly Problem DayFull = new("message-day-full", 429);
    public static readonly Problem AbroadFull = new("message-abroad-full", 429);
    public static readonly Problem MayNotWarn = new("message-may-not-warn", 403);
    public static readonly Problem LiveOnly = new("message-live-key-only", 403);
    public static readonly Problem Ended = new("message-batch-ended", 409);
    public static readonly Problem TalkTooFast = new("talk-too-fast", 429);
    public static readonly Problem TalkTaken = new("talk-taken", 409);
    public static readonly Problem TalkNotYours = new("talk-not-yours", 403);
    public static readonly Problem TalkCannotReach = new("talk-cannot-reach", 409);
    public static readonly Problem TalkNotRegistered = new("talk-not-registered", 409);
    public static readonly Problem TalkWindowClosed = new("talk-window-closed", 409);
}
