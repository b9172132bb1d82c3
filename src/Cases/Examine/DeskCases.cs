using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Examine;

internal sealed class DeskCases(CaseFiles files, CaseView view, ICaseApplicants applicants, IServiceDirectory services) : IDeskCases
{
    public async Task<DeskCase?> Find(OfficialCaller who, string? written, Lang lang, CancellationToken ct)
    {
        if (Reference.Parse(written, out _) is not { } reference || await view.Row(reference, ct) is not { } row) return null;
        var seen = await files.Seen(who, reference, ct) is not null;
        var asked = (await applicants.Of([row.Id], ct)).GetValueOrDefault(row.Id);
        var known = seen && asked is { Synthetic: false };
        return new DeskCase(reference, Reference.Show(reference), services.FindVersion(row.Service, row.ServiceVersion)?.Name.In(lang) ?? row.Service, seen, known ? asked!.Applicant : null, known ? asked!.Name : null, asked?.Lang ?? "en");
    }
}
