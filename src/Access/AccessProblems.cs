using Sahulat.Kernel;

namespace Sahulat.Access;

/// <summary>Every refusal of this room. Codes are permanent.</summary>
internal static class AccessProblems
{
    /// <summary>Too many codes were asked for, by this number or from this address.</summary>
    public static readonly Problem TooManyCodes = new("too-many-codes", 429);

    /// <summary>Another official signs in by this name.</summary>
    public static Problem SignInTaken => Problem.Invalid([new Fault("signIn", "sign-in-taken")]);

    /// <summary>One answer for wrong, used, expired and unknown, so that nothing can be learnt.</summary>
    public static Problem WrongCode => Problem.Invalid([new Fault("code", "wrong-code")]);

    /// <summary>One answer for every passkey that does not open: unknown, another's, too late, not of this site.</summary>
    public static readonly Problem PasskeyRefused = new("passkey-refused", 422);

    public static Problem WrongSignIn => Problem.Invalid([new Fault("name", "wrong-sign-in")]);
}
