using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Find;

/// <summary>The search over the services in force today; indexed again when they change.</summary>
internal sealed class ServiceSearch(ServiceDirectory directory, CompiledForms forms)
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
