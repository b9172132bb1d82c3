using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Follow;

/// <summary>Files the appeal that the guarantee opened: a case of its own, once for a case and layer.</summary>
internal sealed class FileAppeals(IOrganisation organisation) : IFollower
{
    public const string Permanent = "cases.file-appeals";

    public string Name => Permanent;

    public IReadOnlyCollection<string> Kinds => [AppealDue.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var due = entries.Select(e => (e.At, Body: e.As<AppealDue>())).DistinctBy(d => (d.Body.Case, d.Body.Layer)).ToArray();
        var rows = due.Select(d => (d.At, d.Body, Id: Guid.CreateVersion7(d.At), Reference: Cases.Reference.New(d.Body.FiledOn, organisation.GovernmentOf(d.Body.Place)))).ToArray();
        var filed = (await work.Query<Guid>("""
            insert into cases."case" (id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, parent, layer, opened_by, filed_at, filed_by, complete_on, due_on, version)
            select n.id, n.reference, 'appeal', n.service, n.service_version, n.law, n.law_version, n.place, n.applicant, 'open', 'order', n.post, n.parent, n.layer, n.trigger, n.at, 'sahulat:guarantee', n.filed_on, n.decide_by, 1
            from unnest(@ids, @references, @services, @versions, @laws, @lawVersions, @places, @applicants, @posts, @parents, @layers, @triggers, @ats, @filed, @decide)
              as n(id, reference, service, service_version, law, law_version, place, applicant, post, parent, layer, trigger, at, filed_on, decide_by)
            on conflict (parent, layer) where parent is not null do nothing returning id
            """, new
        {
            ids = rows.Select(r => r.Id).ToArray(), references = rows.Select(r => r.Reference).ToArray(), services = rows.Select(r => r.Body.Service).ToArray(), versions = rows.Select(r => r.Body.ServiceVersion).ToArray(),
            laws = rows.Select(r => r.Body.Law).ToArray(), lawVersions = rows.Select(r => r.Body.LawVersion).ToArray(), places = rows.Select(r => r.Body.Place).ToArray(), applicants = rows.Select(r => r.Body.Applicant).ToArray(),
            posts = rows.Select(r => r.Body.Post).ToArray(), parents = rows.Select(r => r.Body.Case).ToArray(), layers = rows.Select(r => r.Body.Layer).ToArray(), triggers = rows.Select(r => r.Body.Trigger).ToArray(),
            ats = rows.Select(r => r.At.UtcDateTime).ToArray(), filed = rows.Select(r => r.Body.FiledOn).ToArray(), decide = rows.Select(r => r.Body.DecideBy).ToArray(),
        })).ToHashSet();
        await work.Append([.. rows.Where(r => filed.Contains(r.Id)).Select(r => Append.To(CaseStore.Stream(r.Id), 0,
            new CaseFiled(CaseKind.Appeal, r.Reference, r.Body.Service, r.Body.ServiceVersion, r.Body.Law, r.Body.LawVersion, r.Body.Place, r.Body.Applicant, r.Body.FiledOn, r.Body.FiledOn, r.Body.DecideBy, "order", r.Body.Post, r.Body.Case, r.Body.Layer, r.Body.Trigger, null),
            Actor.Sahulat("guarantee"), r.At))]);
    }
}
