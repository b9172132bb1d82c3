using Sahulat.Cases.Demo;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Follow;

/// <summary>Tells the applicant what happened to the request. Sending is idempotent by the entry, so an entry that comes again tells nobody twice. Synthetic applicants are told nothing: their numbers may be somebody's.</summary>
internal sealed class TellApplicant(ICitizens citizens, IMessageGateway gateway, TextCatalogue texts) : IFollower
{
    public string Name => "cases.tell";

    public IReadOnlyCollection<string> Kinds => [CaseFiled.Kind, CaseQueried.Kind, CaseDecided.Kind, CertificateIssued.Kind, CertificateRevoked.Kind, CaseExtended.Kind, CaseTransferred.Kind, CaseJoined.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var ids = entries.Select(e => Guid.ParseExact(e.Subject, "N")).Distinct().ToArray();
        var known = (await work.Query<(Guid Id, Guid Applicant, string Reference, string? ParentReference, string Lang)>("""
            select c.id, c.applicant, c.reference, p.reference, coalesce(t.lang, pt.lang, 'en') from cases."case" c
            left join cases.content t on t.case_id = c.id left join cases."case" p on p.id = c.parent left join cases.content pt on pt.case_id = c.parent where c.id = any(@ids)
              and not exists (select from cases.idempotency i join cases."case" d on d.id = i.case_id where i.caller = @demo and d.applicant = c.applicant)
            """, new { ids, demo = DemoCases.Caller })).ToDictionary(r => r.Id);
        var mobiles = await citizens.Mobiles([.. known.Values.Select(k => k.Applicant)], work.Cancelled);
        var messages = new List<OutgoingMessage>(entries.Count);
        foreach (var entry in entries)
        {
            if (!known.TryGetValue(Guid.ParseExact(entry.Subject, "N"), out var c) || !mobiles.TryGetValue(c.Applicant, out var mobile)) continue;
            var shown = Reference.Show(c.Reference);
            var (template, values) = entry.Kind switch
            {
                "case.filed" when c.ParentReference is not null && entry.As<CaseFiled>().OpenedBy == "applicant" => ("appeal-received", [Reference.Show(c.ParentReference), shown]),
                "case.filed" when c.ParentReference is not null => ("case-appealed", new[] { Reference.Show(c.ParentReference), shown }),
                "case.filed" => ("case-filed", [shown, entry.As<CaseFiled>().DueOn is { } due ? texts.In(Lang.Find(c.Lang) ?? Lang.En).Date(due) : "–"]),
                "case.extended" => ("case-interim", [shown, texts.In(Lang.Find(c.Lang) ?? Lang.En).Date(entry.As<CaseExtended>().DueOn)]),
                "case.transferred" => ("case-transferred", [shown]),
                "case.joined" => ("case-joined", [shown]),
                "case.queried" => ("case-query", [shown]),
                "case.certificate-issued" => ("certificate-issued", [shown]),
                "case.certificate-revoked" => ("certificate-revoked", [Reference.Show(entry.As<CertificateRevoked>().Number), shown]),
                _ => ("case-decided", [shown]),
            };
            messages.Add(new OutgoingMessage(template, c.Lang, mobile, values, "notice", $"case/{c.Id:N}/{entry.Version}"));
        }

        await gateway.Send(messages, work.Cancelled);
    }
}
