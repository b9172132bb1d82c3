using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Find;

/// <summary>The search over the services in force today; indexed again when they change.</summary>
internal sealed class ServiceSearch(ServiceDirectory directory, CompiledForms forms) : IServiceSearch
{
    private volatile Built? built;

    public IReadOnlyList<ServiceVersion> Find(string? text)
    {
        var services = directory.All(forms.Today());
        var now = built;
        if (now is null || !ReferenceEquals(now.Of, services)) built = now = new Built(services, new SearchIndex(services));
        return now.Index.Find(text);
    }

    private sealed record Built(IReadOnlyList<ServiceVersion> Of, SearchIndex Index);
}

/// <summary>The same over the subjects of grievances.</summary>
internal sealed class GrievanceSearch(ServiceDirectory directory, CompiledForms forms) : IGrievanceSearch
{
    private volatile Built? built;

    public IReadOnlyList<ServiceVersion> Find(string? text)
    {
        var subjects = directory.Grievances(forms.Today());
        var now = built;
        if (now is null || !ReferenceEquals(now.Of, subjects)) built = now = new Built(subjects, new SearchIndex(subjects));
        return now.Index.Find(text);
    }

    private sealed record Built(IReadOnlyList<ServiceVersion> Of, SearchIndex Index);
}
