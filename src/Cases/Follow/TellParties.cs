using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Follow;

/// <summary>Tells applicant and officer what an authority does in an appeal. An officer is whoever holds the post on that day and has left a number; his desk shows it in any case.</summary>
internal sealed class TellParties(ICitizens citizens, IOfficials officials, IOrganisation organisation, IMessageGateway gateway, TextCatalogue texts) : IFollower
{
    public string Name => "cases.tell-parties";

    public IReadOnlyCollection<string> Kinds => [HearingFixed.Kind, HearingAdjourned.Kind, DirectionGiven.Kind, CaseStayed.Kind, CaseStayLifted.Kind, CaseRemanded.Kind, ShowCauseIssued.Kind, PenaltyOrdered.Kind, CompensationOrdered.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var known = await Addressees.Of(work, citizens, [.. entries.Select(CaseOf).Distinct()]);
        var messages = new List<OutgoingMessage>(entries.Count * 2);
        foreach (var entry in entries)
        {
            if (!known.TryGetValue(CaseOf(entry), out var c)) continue;
            if (entry.Kind == ShowCauseIssued.Kind || entry.Kind == PenaltyOrdered.Kind)
            {
                messages.AddRange(await ToPerson(entry, c, work.Cancelled));
                continue;
            }

            var (key, officer, values) = What(entry, Reference.Show(c.Reference));
            var reference = $"{entry.Stream}/{entry.Version}";
            if (c.Mobile is { } mobile) messages.Add(new OutgoingMessage(key, c.Lang.Code, mobile, values(texts.In(c.Lang)), "notice", reference));
            if (officer is null) continue;
            var holders = organisation.Holders(officer, Ist.DateIn(entry.At)).Select(h => h.Official).ToArray();
            foreach (var (id, number) in await officials.Mobiles(holders, work.Cancelled))
                messages.Add(new OutgoingMessage(key + "-officer", Lang.En.Code, number, values(texts.In(Lang.En)), "notice", $"{reference}/{id:N}"));
        }

        await gateway.Send(messages, work.Cancelled);
    }

    private static Guid CaseOf(JournalEntry e) => e.Kind switch
    {
        "penalty.show-cause-issued" => e.As<ShowCauseIssued>().Appeal,
        "penalty.ordered" => e.As<PenaltyOrdered>().Appeal,
        "penalty.compensation-ordered" => e.As<CompensationOrdered>().Appeal,
        _ => Guid.ParseExact(e.Subject, "N"),
    };

    /// <summary>A penalty concerns a person, whatever post he holds now.</summary>
    private async Task<IEnumerable<OutgoingMessage>> ToPerson(JournalEntry entry, Addressee c, CancellationToken ct)
    {
        var t = texts.In(Lang.En);
        var (template, official, values) = entry.Kind == ShowCauseIssued.Kind
            ? ("show-cause-officer", entry.As<ShowCauseIssued>().Official, new[] { Reference.Show(c.Reference), t.Date(entry.As<ShowCauseIssued>().ReplyBy) })
            : ("penalty-ordered-officer", entry.As<PenaltyOrdered>().Official, [Reference.Show(c.Reference)]);
        return (await officials.Mobiles([official], ct)).Select(m => new OutgoingMessage(template, Lang.En.Code, m.Value, values, "notice", $"{entry.Stream}/{entry.Version}/{m.Key:N}"));
    }

    private static (string Template, string? Officer, Func<Texts, string[]> Values) What(JournalEntry entry, string reference)
    {
        switch (entry.Kind)
        {
            case "case.hearing-fixed":
                var h = entry.As<HearingFixed>();
                return ("hearing-fixed", h.Officer, t => [reference, t.Date(h.On), h.At, t["cases.hearing.mode." + h.Mode]]);
            case "case.hearing-adjourned":
                var a = entry.As<HearingAdjourned>();
                return ("hearing-moved", a.Officer, t => [reference, t.Date(a.On), a.At, t["cases.hearing.mode." + a.Mode]]);
            case "case.direction-given":
                var d = entry.As<DirectionGiven>();
                return ("direction-given", d.To, t => [reference, t.Date(d.By)]);
            case "case.stayed":
                var s = entry.As<CaseStayed>();
                return ("case-stayed", null, _ => [reference, s.Order]);
            case "case.stay-lifted":
                var l = entry.As<CaseStayLifted>();
                return ("stay-lifted", null, _ => [reference, l.Order]);
            case "penalty.compensation-ordered":
                var awarded = entry.As<CompensationOrdered>();
                return ("compensation-awarded", null, t => [t.Number((long)decimal.Ceiling(awarded.Amount)), reference]);
            default:
                var r = entry.As<CaseRemanded>();
                return ("case-remanded", r.To, t => [reference, t.Date(r.DueOn)]);
        }
    }
}
