using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Office;

/// <summary>What an official may do and see today.</summary>
/// <param name="Acts">The posts he may act for, each with the post of his that lets him: itself, or for a vacant one the post to which its work falls.</param>
/// <param name="Scopes">Marks of what he may see, see <see cref="Scope"/>.</param>
internal sealed record Reach(OfficialCaller Who, IReadOnlyDictionary<string, string> Acts, string[] Scopes)
{
    public string[] Own => [.. Acts.Keys];

    /// <summary>The post of one who has no other to choose from.</summary>
    public string? Only => Acts.Count == 1 ? Acts.Keys.First() : null;

    public Actor As(string post) => Who.As(Acts[post]);

    public bool Sees(string[] scopes) => scopes.Intersect(Scopes, StringComparer.Ordinal).Any();
}

/// <summary>Who may see: <c>p:</c> a post, <c>o:</c> any post of an office, <c>u:</c> the head of an office at or above it.</summary>
internal static class Scope
{
    public const string Normal = "normal", Confidential = "confidential", Secret = "secret", TopSecret = "top-secret";

    public static readonly IReadOnlyList<string> Classes = [Normal, Confidential, Secret, TopSecret];

    /// <summary>Whether the first is the more secret.</summary>
    public static bool IsAbove(string classification, string other) => Rank(classification) > Rank(other);

    public static bool IsSecret(string classification) => classification is Secret or TopSecret;

    private static int Rank(string classification) => Classes.TakeWhile(c => c != classification).Count();

    /// <summary>What a post's having the item adds. A secret one is only for the posts named.</summary>
    public static IEnumerable<string> Of(string classification, string post, IOrganisation organisation)
    {
        yield return "p:" + post;
        if (classification != Normal || organisation.Post(post) is not { } p) yield break;
        yield return "o:" + p.Office;
        for (var office = organisation.Office(p.Office); office is not null; office = office.Parent is { } parent ? organisation.Office(parent) : null) yield return "u:" + office.Code;
    }

    public static string[] Join(string[] scopes, string classification, string post, IOrganisation organisation) => [.. scopes.Union(Of(classification, post, organisation), StringComparer.Ordinal)];
}

internal sealed class OfficePosts(IOrganisation organisation, TimeProvider time)
{
    public static readonly IReadOnlyList<string> Urgencies = ["normal", "priority", "immediate"];

    public IOrganisation Organisation => organisation;

    public Reach Of(OfficialCaller who)
    {
        var today = Ist.Today(time);
        var held = organisation.PostsOf(who.Id, today);
        var acts = held.ToDictionary(p => p, p => p, StringComparer.Ordinal);
        foreach (var post in held)
            foreach (var vacant in organisation.StandsInFor(post, today)) acts.TryAdd(vacant, post);
        var posts = held.Select(organisation.Post).OfType<Post>().ToArray();
        string[] scopes = [.. acts.Keys.Select(p => "p:" + p).Concat(posts.Select(p => "o:" + p.Office)).Concat(posts.Where(p => p.Head).Select(p => "u:" + p.Office)).Distinct()];
        return new Reach(who, acts, scopes);
    }

    public string OfficeOf(string post) => organisation.Post(post)?.Office ?? "";

    public string Name(string post, Lang lang) => organisation.Post(post)?.Name.In(lang) ?? post;

    /// <summary>With who sees what goes there, where nobody holds it.</summary>
    public string Name(string post, Texts texts) => SeenBy(post) is { } other ? $"{Name(post, texts.Lang)} ({(other.Length == 0 ? texts["office.vacant.short"] : texts["office.vacant.seen", Name(other, texts.Lang)])})" : Name(post, texts.Lang);

    /// <returns>Null where somebody holds the post; else the post to which its work falls, empty when there is none.</returns>
    public string? SeenBy(string post)
    {
        var today = Ist.Today(time);
        if (organisation.Post(post) is not { } p || organisation.Holders(post, today).Count > 0) return null;
        return organisation.Resolve(p.Designation, p.Place, today).Post is { } other && other != post ? other : "";
    }

    public string OfficeName(string office, Lang lang) => organisation.Office(office)?.Name.In(lang) ?? office;

    public bool Exists(string? post) => post is not null && organisation.Post(post) is not null;

    /// <summary>Whether <paramref name="senior"/> heads the office of <paramref name="post"/>, or one above it.</summary>
    public bool IsSenior(string senior, string post)
    {
        if (senior == post || organisation.Post(senior) is not { Head: true } head) return false;
        for (var office = organisation.Office(OfficeOf(post)); office is not null; office = office.Parent is { } parent ? organisation.Office(parent) : null)
            if (office.Code == head.Office) return true;
        return false;
    }

    /// <summary>Whether another post heads the office of this one, or one above it; who heads his office himself needs none.</summary>
    public bool HasHeadAbove(string post)
    {
        if (organisation.Post(post) is not { Head: false } own) return false;
        for (var office = organisation.Office(own.Office); office is not null; office = office.Parent is { } parent ? organisation.Office(parent) : null)
            if (organisation.PostsOfOffice(office.Code).Any(p => p.Head)) return true;
        return false;
    }

    /// <summary>Posts to whom things usually go: of the own office and of those above it, and the heads of offices at the places below.</summary>
    public IReadOnlyList<Post> Near(string post)
    {
        if (organisation.Post(post) is not { } own) return [];
        var found = organisation.PostsOfOffice(own.Office).Where(p => p.Code != post).ToList();
        for (var office = organisation.Office(own.Office)?.Parent; office is not null; office = organisation.Office(office)?.Parent) found.AddRange(organisation.PostsOfOffice(office).Where(p => p.Code != post));
        foreach (var kind in new[] { "district", "tehsil", "block" })
            found.AddRange(organisation.Children(own.Place, kind).SelectMany(c => organisation.PostsAt(c.Code)).Where(p => p.Head));
        return [.. found.DistinctBy(p => p.Code).Take(200)];
    }
}
