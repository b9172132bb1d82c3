using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Doings;

/// <summary>What people have to say about offices: grievances, and ratings of what was delivered.</summary>
internal sealed class VoiceDoings(IGrievanceSearch search, IServiceDirectory services, IGrievances grievances, IEnumerable<IReplies> replies, Database database, TextCatalogue texts, TimeProvider time) : IDoings
{
    private const int Most = 8;

    public IEnumerable<DoingKind> All =>
    [
        new("grievance.find", ["text"], ["one", "many", "none"], ["subject", "subject_label"], ["subjects"], false, (call, _) => new(Find(call))),
        new("grievance.show", ["subject"], ["open", "refused"], ["subject_name", "instead"], [], false, (call, _) => new(Show(call))),
        new("grievance.file", ["subject", "place", "text"], ["filed", "refused"], ["reference", "due", "why"], [], true, File),
        new("feedback.give", ["answer"], ["taken", "none"], ["answer_back"], [], true, Rate),
    ];

    private Did Find(DoingCall call)
    {
        var text = call["text"].Trim();
        var found = text.Length is < 2 or > 500 ? [] : search.Find(text);
        var lang = call.Session.Language;
        if (found.Count == 0) return new("none");
        if (found.Count == 1) return new("one") { Values = new Dictionary<string, string> { ["subject"] = found[0].Code, ["subject_label"] = found[0].Name.In(lang) } };
        return new("many") { Lists = new Dictionary<string, IReadOnlyList<Option>> { ["subjects"] = [.. found.Take(Most).Select(s => new Option(s.Code, s.Name.In(lang)))] } };
    }

    /// <summary>A refused subject says where to go instead.</summary>
    private Did Show(DoingCall call)
    {
        var subject = services.Find(call["subject"], Ist.Today(time));
        var lang = call.Session.Language;
        return new(subject?.Grievance is { Instead: null } ? "open" : "refused") { Values = new Dictionary<string, string> { ["subject_name"] = subject?.Name.In(lang) ?? "", ["instead"] = subject?.Grievance?.Instead?.In(lang) ?? "" } };
    }

    private async ValueTask<Did> File(DoingCall call, CancellationToken ct)
    {
        var t = texts.In(call.Session.Language);
        Did Refused(Problem problem) => new("refused") { Values = new Dictionary<string, string> { ["why"] = problem.Faults.Count > 0 ? string.Join('\n', problem.Faults.Take(3).Select(t.Fault)) : t.Problem(problem) } };
        if (call.Session.Proved is not { } mobile) return Refused(Problem.Forbidden);
        var filed = await grievances.File(new NewGrievance(call["subject"], call["place"], null, mobile, t.Lang, call["text"], null, null, null, Actor.Sahulat("talk"), call.Who.Turn), ct);
        if (!filed.Ok) return Refused(filed.Problem);
        var reference = filed.Value.Reference;
        return new("filed") { Values = new Dictionary<string, string> { ["reference"] = reference.Length == 13 ? $"{reference[..4]}-{reference[4..8]}-{reference[8..12]}-{reference[12..]}" : reference, ["due"] = filed.Value.DueOn is { } due ? t.Date(due) : t["messaging.talk.days-unknown"] } };
    }

    /// <summary>The same keypad answer as to the message that asked for it, from the number that was proved.</summary>
    private async ValueTask<Did> Rate(DoingCall call, CancellationToken ct)
    {
        if (call.Session.Proved is not { } mobile) return new("none");
        var said = new SaidText(Guid.CreateVersion7(call.Who.Now), call.Who.Channel, "+91" + mobile, call["answer"], call.Who.Now);
        var taken = await database.Write(async work =>
        {
            foreach (var room in replies)
                if (await room.Take(work, said) is { } answer) return answer;
            return null;
        }, ct);
        return taken is null ? new("none") : new("taken") { Values = new Dictionary<string, string> { ["answer_back"] = taken } };
    }
}
