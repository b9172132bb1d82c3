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

/// <summary>The scan, or some pages of it, are looked at again.</summary>
/// <param name="Item">The file into which a person puts them; null when that is known of them, or is for separator sheets to say.</param>
/// <param name="Pages">None when all that was not read yet is meant.</param>
public sealed record ScanAgain(Guid Intake, Guid? Item, IReadOnlyList<int> Pages) : IJournalBody
{
    public static string Kind => "office.scan-again";
}

/// <summary>A person compared a page with another that says nearly the same.</summary>
/// <param name="Same">The same sheet: the page is withdrawn.</param>
public sealed record PageCompared(Guid Intake, int Page, bool Same) : IJournalBody
{
    public static string Kind => "office.page-compared";
}

/// <summary>The bytes of a scan and their key are destroyed; what was kept of it lies in its files.</summary>
/// <param name="Why">weeded or time.</param>
public sealed record RawScanDestroyed(Guid Intake, string Why) : IJournalBody
{
    public static string Kind => "office.raw-scan-destroyed";
}

/// <param name="Why">Code of the fault. A scan that was refused at the door has no bytes here.</param>
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

/// <summary>An entry of a register was keyed.</summary>
/// <param name="Page">Of its file.</param>
/// <param name="Hand">First or second person; 3 settles where they differ; any after an entry is settled corrects it.</param>
public sealed record EntryKeyed(Guid Item, int Page, int Line, int Hand, bool Settled, bool Correction, string Digest) : IJournalBody
{
    public static string Kind => "office.entry-keyed";
}

/// <param name="Hand">First or second person; 3 settles where they differ.</param>
/// <param name="Outcome">first, agreed, differs, or settled; null in entries of before it was told.</param>
public sealed record ItemKeyed(Guid Item, int Hand, string Digest, string? Outcome = null) : IJournalBody
{
    public static string Kind => "office.item-keyed";
}
