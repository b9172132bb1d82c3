using Sahulat.Kernel.Journal;

namespace Sahulat.Contracts.Office;

/// <summary>Stream <c>scan/{plan:N}</c>: an office plans to scan what lies on its shelves.</summary>
public sealed record ScanPlanned(string Office, DateOnly StartsOn, DateOnly DueOn, int Pages) : IJournalBody
{
    public static string Kind => "office.scan-planned";
}

public sealed record BundleListed(Guid Bundle, int Number, int Items, int Pages) : IJournalBody
{
    public static string Kind => "office.bundle-listed";
}

/// <summary>A scan came in; its bytes are kept.</summary>
/// <param name="Source">upload or folder.</param>
public sealed record ScanTaken(Guid Intake, string Source, string Digest) : IJournalBody
{
    public static string Kind => "office.scan-taken";
}

/// <summary>Every page of the scan is accounted for.</summary>
public sealed record ScanAccounted(Guid Intake, int Kept, int Blank, int Separators, int Duplicates, int Unplaced, int Unreadable) : IJournalBody
{
    public static string Kind => "office.scan-accounted";
}

public sealed record ScanRefused(Guid Intake, string Why) : IJournalBody
{
    public static string Kind => "office.scan-refused";
}

/// <summary>Pages were drawn by lot.</summary>
public sealed record SampleDrawn(Guid Bundle, int Sample, int Kept) : IJournalBody
{
    public static string Kind => "office.sample-drawn";
}

/// <summary>A sample of a bundle was looked at; a rejected bundle is scanned again.</summary>
public sealed record BundleJudged(Guid Bundle, int Sample, int Bad, string Verdict) : IJournalBody
{
    public static string Kind => "office.bundle-judged";
}

/// <param name="Hand">First or second person; 3 settles where they differ.</param>
/// <param name="Outcome">first, agreed, differs, or settled; null in entries of before it was told.</param>
public sealed record ItemKeyed(Guid Item, int Hand, string Digest, string? Outcome = null) : IJournalBody
{
    public static string Kind => "office.item-keyed";
}
