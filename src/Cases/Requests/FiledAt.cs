using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Requests;

/// <summary>At which counter a request was filed, and by whom.</summary>
internal sealed class FiledAt(IOrganisation organisation, IOfficials officials)
{
    /// <summary>The post's name; null where no post filed it.</summary>
    public string? Post(string? by, Lang lang) => Parts(by) is { } p ? organisation.Post(p.Post)?.Name.In(lang) ?? p.Post : null;

    /// <summary>The post with the name of who held it.</summary>
    public async Task<string?> Whom(string? by, Lang lang, CancellationToken ct)
    {
        if (Parts(by) is not var (_, official)) return null;
        return (await officials.Names([official], ct)).TryGetValue(official, out var name) ? $"{Post(by, lang)} ({name.Name})" : Post(by, lang);
    }

    private static (string Post, Guid Official)? Parts(string? by) => by?.StartsWith("post:", StringComparison.Ordinal) == true && by[5..].Split('/') is [var post, var id] && Guid.TryParse(id, out var official) ? (post, official) : null;
}
