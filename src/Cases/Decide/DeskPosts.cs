using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Cases.Decide;

/// <summary>Which posts' work is an official's today, and which posts' cases he may see.</summary>
internal sealed class DeskPosts(IOrganisation organisation, TimeProvider time)
{
    /// <summary>The posts held in any way.</summary>
    public string[] Held(Guid official) => [.. organisation.PostsOf(official, Ist.Today(time))];

    /// <summary>The posts he may act for, each with the post he holds that lets him: itself, or, where nobody holds it, the one to which its work falls.</summary>
    public IReadOnlyDictionary<string, string> Acts(Guid official)
    {
        var today = Ist.Today(time);
        var held = Held(official);
        var acts = held.ToDictionary(p => p, p => p, StringComparer.Ordinal);
        foreach (var post in held)
            foreach (var vacant in organisation.StandsInFor(post, today)) acts.TryAdd(vacant, post);
        return acts;
    }

    /// <summary>The posts he may act for, and for a head of office the office's.</summary>
    public string[] Seen(Guid official) => [.. Acts(official).Keys.Concat(Held(official).SelectMany(OfHead)).Distinct()];

    /// <summary>Posts of the same office that somebody holds today: to whom a case may be forwarded.</summary>
    public IEnumerable<Post> Colleagues(string post) =>
        organisation.Post(post) is { } own ? organisation.PostsOfOffice(own.Office).Where(p => p.Code != post && organisation.Holders(p.Code, Ist.Today(time)).Count > 0) : [];

    private IEnumerable<string> OfHead(string post) => organisation.Post(post) is { Head: true } head ? organisation.PostsOfOffice(head.Office).Select(p => p.Code) : [];
}
