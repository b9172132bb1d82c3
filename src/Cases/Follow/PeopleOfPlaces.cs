using Sahulat.Cases.Demo;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Follow;

internal sealed class PeopleOfPlaces(Database database, IOrganisation organisation) : IPeopleOfPlaces
{
    private static readonly string[] Kinds = ["division", "district", "tehsil", "block", "body"];

    public async Task<IReadOnlyList<(Guid Citizen, string Lang)>> In(string place, int most, CancellationToken ct)
    {
        var places = Kinds.SelectMany(organisation.OfKind).Select(p => p.Code).Where(p => organisation.Covers(place, p)).Append(place).Distinct().ToArray();
        return await database.Query<(Guid, string)>("""
            select distinct on (c.applicant) c.applicant, coalesce(t.lang, 'en') from cases."case" c left join cases.content t on t.case_id = coalesce(c.parent, c.id)
            where c.place = any(@places) and not exists (select from cases.idempotency i join cases."case" d on d.id = i.case_id where i.caller = @demo and d.applicant = c.applicant)
            order by c.applicant, c.filed_at desc limit @most
            """, new { places, demo = DemoCases.Caller, most }, ct);
    }
}
