using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;

namespace Sahulat.Cases.Redress;

/// <summary>Where a grievance may be sent: the heads of the offices that serve its place, and the subjects of its law.</summary>
internal sealed class TransferTargets(IServiceDirectory services, IOrganisation organisation)
{
    /// <summary>Heads whom somebody holds today, of every department: at the place and above it, and in its district.</summary>
    public IEnumerable<Post> Offices(Case c, string from, DateOnly today)
    {
        var upward = organisation.PlaceAndAncestors(c.Place);
        var district = upward.FirstOrDefault(p => organisation.Place(p)?.Kind == "district");
        var around = district is null ? upward : upward.Concat(new[] { "tehsil", "block", "body" }.SelectMany(kind => organisation.Children(district, kind)).Select(p => p.Code)).Distinct();
        return around.SelectMany(organisation.PostsAt).Where(p => p.Head && p.Code != from && p.Designation != Designations.Operator && organisation.Holders(p.Code, today).Count > 0);
    }

    /// <summary>The law's clock is running: another law's subjects are no choice.</summary>
    public IEnumerable<ServiceVersion> Subjects(Case c, DateOnly today) => services.Grievances(today).Where(s => s.Grievance!.Instead is null && s.Law == c.Law);
}
