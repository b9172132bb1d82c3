using Sahulat.Cases.Demo;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Follow;

/// <summary>Whom a message about a case goes to. Synthetic applicants are left out: their numbers may be somebody's.</summary>
internal sealed record Addressee(Guid Id, string Reference, string? ParentReference, string? Layer, string Place, Lang Lang, string? Mobile);

internal static class Addressees
{
    public static async Task<IReadOnlyDictionary<Guid, Addressee>> Of(Work work, ICitizens citizens, Guid[] ids)
    {
        var rows = await work.Query<(Guid Id, Guid Applicant, string Reference, string? ParentReference, string? Layer, string Place, string Lang)>("""
            with recursive up as (select id, id as first, parent from cases."case" where id = any(@ids) union all select up.id, c.id, c.parent from up join cases."case" c on c.id = up.parent)
            select c.id, c.applicant, c.reference, p.reference, c.layer, c.place, coalesce(t.lang, 'en') from cases."case" c
            join up on up.id = c.id and up.parent is null left join cases.content t on t.case_id = up.first left join cases."case" p on p.id = c.parent
            where not exists (select from cases.idempotency i join cases."case" d on d.id = i.case_id where i.caller = @demo and d.applicant = c.applicant)
            """, new { ids, demo = DemoCases.Caller });
        var mobiles = await citizens.Mobiles([.. rows.Select(r => r.Applicant).Distinct()], work.Cancelled);
        return rows.ToDictionary(r => r.Id, r => new Addressee(r.Id, r.Reference, r.ParentReference, r.Layer, r.Place, Lang.Find(r.Lang) ?? Lang.En, mobiles.GetValueOrDefault(r.Applicant)));
    }
}
