using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Catalogue.Draft;

/// <summary>A page on which administrators design services.</summary>
[Authorize(Policy = Policies.Admin)]
internal abstract class DesignPage : SahulatPage
{
    public DateOnly Today => Ist.Today(HttpContext.RequestServices.GetRequiredService<TimeProvider>());

    protected Guid Official => ((OfficialCaller)HttpContext.Caller()).Id;

    /// <summary>Acts by the administrator's post that he holds today.</summary>
    protected Hand Hand
    {
        get
        {
            var caller = (OfficialCaller)HttpContext.Caller();
            var organisation = HttpContext.RequestServices.GetRequiredService<IOrganisation>();
            return new Hand(caller.Id, caller.As(organisation.PostsOf(caller.Id, Today).First(p => organisation.Post(p)?.Designation == Designations.Administrator)));
        }
    }

    /// <summary>Names of officials, for saying who did what.</summary>
    protected async Task<IReadOnlyDictionary<Guid, string>> Names(IEnumerable<Guid?> officials, CancellationToken ct)
    {
        var ids = officials.OfType<Guid>().Distinct().ToArray();
        var known = ids.Length == 0 ? new Dictionary<Guid, OfficialName>() : await HttpContext.RequestServices.GetRequiredService<IOfficials>().Names(ids, ct);
        return ids.ToDictionary(i => i, i => known.GetValueOrDefault(i)?.Name ?? T["catalogue.design.unknown"]);
    }
}
