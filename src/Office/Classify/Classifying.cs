using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Receive;
using Sahulat.Office.Record;

namespace Sahulat.Office.Classify;

/// <param name="Raise">The classes to which the official may raise it, and to which he may lower it.</param>
internal sealed record ClassForm(long Version, string Urgency, string Classification, bool Holds, IReadOnlyList<string> Raise, IReadOnlyList<string> Lower);

/// <summary>Urgency and classification change by an act. Who holds it makes it more secret; less secret only the head of its office, or of one above.</summary>
internal sealed class Classifying(Files files, ReceiptStore receipts, Closing closing, OfficePosts posts, Seals seals)
{
    public ClassForm Form(Reach reach, string office, string holder, bool open, long version, string urgency, string classification)
    {
        var holds = open && reach.Acts.ContainsKey(holder);
        return new ClassForm(version, urgency, classification, holds, holds ? [.. Scope.Classes.Where(c => Scope.IsAbove(c, classification))] : [], open && closing.Heads(reach, office) ? [.. Scope.Classes.Where(c => Scope.IsAbove(classification, c))] : []);
    }

    public Task<Result<Done>> Urgency(Reach reach, Guid file, long version, string? wanted, CancellationToken ct) => files.Act(reach, file, version, Need.Holds, open =>
    {
        if (Fault(OfficePosts.Urgencies, open.File.Urgency, wanted, "new_urgency") is { } fault) return Task.FromResult<Problem?>(fault);
        open.Say(new UrgencyChanged(open.File.Urgency, wanted!));
        open.File.Urgency = wanted!;
        return Task.FromResult<Problem?>(null);
    }, ct);

    public Task<Result<Done>> ReceiptUrgency(Reach reach, Guid receipt, long version, string? wanted, CancellationToken ct) => receipts.Act(reach, receipt, version, mustHold: true, open =>
    {
        if (Fault(OfficePosts.Urgencies, open.Receipt.Urgency, wanted, "new_urgency") is { } fault) return Task.FromResult<Problem?>(fault);
        open.Say(new UrgencyChanged(open.Receipt.Urgency, wanted!));
        open.Receipt.Urgency = wanted!;
        return Task.FromResult<Problem?>(null);
    }, ct);

    public Task<Result<Done>> Class(Reach reach, Guid id, long version, string? wanted, CancellationToken ct) => files.Act(reach, id, version, Need.Sees, async open =>
    {
        var file = open.File;
        if (file.State is not ("open" or "put-away")) return OfficeProblems.NotOpen;
        if (Refused(reach, file.Office, file.Holder, file.Classification, wanted) is { } refused) return refused;
        var inside = await open.Work.Query<string>("select classification from office.receipt where file_id = @id for update", new { id });
        if (inside.Any(c => Scope.IsAbove(c, wanted!))) return OfficeProblems.FileTooOpen;
        open.Say(new ClassificationChanged(file.Classification, wanted!));
        (file.Classification, file.Scopes) = (wanted!, Scopes(file.Scopes, wanted!));
        // What lies in it is seen by whoever sees the file, and by nobody else.
        await open.Work.Execute("update office.receipt set scopes = @Scopes where file_id = @id", new { file.Scopes, id });
        await open.Work.Execute("update office.page set scopes = @marks where item = any(array(select r.id from office.receipt r where r.file_id = @id) || @id)", new { marks = Words.Marks(seals, file.Scopes), id });
        return null;
    }, ct);

    public Task<Result<Done>> ReceiptClass(Reach reach, Guid id, long version, string? wanted, CancellationToken ct) => receipts.Act(reach, id, version, mustHold: false, async open =>
    {
        var row = open.Receipt;
        if (row.State == "closed") return OfficeProblems.NotOpen;
        if (Refused(reach, row.Office, row.Holder, row.Classification, wanted) is { } refused) return refused;
        if (row.FileId is { } file && await open.Work.One<string>("select classification from office.file where id = @file for update", new { file }) is { } its && Scope.IsAbove(wanted!, its)) return OfficeProblems.FileTooOpen;
        open.Say(new ClassificationChanged(row.Classification, wanted!));
        row.Classification = wanted!;
        if (row.FileId is not null) return null;
        row.Scopes = Scopes(row.Scopes, wanted!);
        await open.Work.Execute("update office.page set scopes = @marks where item = @id", new { marks = Words.Marks(seals, row.Scopes), id });
        return null;
    }, ct);

    private Problem? Refused(Reach reach, string office, string holder, string classification, string? wanted)
    {
        if (Fault(Scope.Classes, classification, wanted, "new_class") is { } fault) return fault;
        if (Scope.IsAbove(wanted!, classification)) return reach.Acts.ContainsKey(holder) ? null : OfficeProblems.NotWithYou;
        return closing.Heads(reach, office) ? null : OfficeProblems.NotSenior;
    }

    private static Problem? Fault(IEnumerable<string> choices, string now, string? wanted, string field) => wanted is null || wanted == now || !choices.Contains(wanted) ? Problem.Invalid([new Fault(field, "not-a-choice")]) : null;

    /// <summary>The posts that had it keep it; of a normal one also their offices and the heads above know.</summary>
    private string[] Scopes(string[] scopes, string classification) => scopes.Where(s => s.StartsWith("p:", StringComparison.Ordinal)).Aggregate(Array.Empty<string>(), (all, s) => Scope.Join(all, classification, s[2..], posts.Organisation));
}
