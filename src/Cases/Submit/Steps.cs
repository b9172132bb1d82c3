using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;

namespace Sahulat.Cases.Submit;

/// <summary>Who acts at a step and by when. A post without holder never swallows a case: it goes upward, with an alarm.</summary>
internal sealed class Steps(IOrganisation organisation, IStatutoryClock clock)
{
    public StepOpening Of(ServiceVersion service, string place, int? lawVersion) => (step, on) =>
    {
        var found = organisation.Resolve(step.Officer.Designation, place, on);
        DateOnly? due = step.WithinDays is { } days ? clock.StepDueOn(service.Code, service.Version, place, on, days, lawVersion) : null;
        return (found.Post, due, found.Raised ? new PostFoundVacant(found.Wanted ?? step.Officer.Designation, found.Post, found.Why) : null);
    };
}
