using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Cases.Decide;

/// <summary>Which posts' cases an official may see today: those held in any way, and for a head of office the office's.</summary>
internal sealed class DeskPosts(IOrganisation organisation, TimeProvider time)
{
    public string[] Held(Guid official) => [.. organisation.PostsOf(official, Ist.Today(time))];

    public string[] Seen(Guid official) => [.. Held(official).SelectMany(Reach).Distinct()];

    private IEnumerable<string> Reach(string post) => organisation.Post(post) switch
    {
        { Head: true } head => organisation.PostsOfOffice(head.Office).Select(p => p.Code).Append(post),
        _ => [post],
    };
}
