using Sahulat.Cases.Decide;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Revoke;

/// <summary>Who may revoke: the post that decided (or who stands in for it), the heads of its office and of the offices above, and the service's appellate authorities for the place.</summary>
internal sealed class RevokeRight(Database database, DeskPosts posts, Certificates certificates, IOrganisation organisation, TimeProvider time)
{
    /// <summary>The post in which the official acts; null when he may not.</summary>
    public string? PostOf(OfficialCaller who, CertificateRow c)
    {
        if (c.Post is { } own && posts.Acts(who.Id).TryGetValue(own, out var acting)) return acting;
        var held = posts.Held(who.Id);
        return held.FirstOrDefault(Line(c).Contains) ?? held.FirstOrDefault(p => organisation.Post(p) is { } post && Above(c).Contains(post.Designation) && organisation.Covers(post.Place, c.Place));
    }

    public async Task<bool> MaySee(OfficialCaller who, CertificateRow c, CancellationToken ct)
    {
        if (PostOf(who, c) is not null) return true;
        var seen = posts.Seen(who.Id);
        return await database.One<bool>("select exists (select from cases.step where case_id = @CaseId and post = any(@seen))", new { c.CaseId, seen }, ct);
    }

    public DateOnly Today => Ist.Today(time);

    private HashSet<string> Line(CertificateRow c)
    {
        var heads = new HashSet<string>(StringComparer.Ordinal);
        for (var office = certificates.OfficeOf(c); office is not null; office = office.Parent is { } up ? organisation.Office(up) : null)
            heads.UnionWith(organisation.PostsOfOffice(office.Code).Where(p => p.Head).Select(p => p.Code));
        return heads;
    }

    private IEnumerable<string> Above(CertificateRow c) => certificates.ServiceOf(c)?.Officers.Where(o => o.Key != "designated").Select(o => o.Value.Designation) ?? [];
}
