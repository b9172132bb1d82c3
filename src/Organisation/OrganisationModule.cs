using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Load;
using Sahulat.Organisation.Places;

namespace Sahulat.Organisation;

public sealed class OrganisationModule : IModule
{
    public string Name => "organisation";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OrganisationDirectory>();
        services.AddHostedService(s => s.GetRequiredService<OrganisationDirectory>());
        services.AddSingleton<IOrganisation>(s => s.GetRequiredService<OrganisationDirectory>());
        services.AddSingleton<IPackLoader, OrganisationLoader>();
        services.AddSingleton<IHoldings, Hold.Holdings>();
        services.AddSingleton<Staff.Staff>();
        services.AddSingleton<Onboard.Onboarding>();
        services.AddSingleton<Rollout.Board>();
        services.AddSingleton<Rollout.RolloutReaders>();
        services.AddSingleton<Invite.People>();
        services.AddSingleton<IFollower, Invite.FirstSteps>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        PlacesApi.Map(app);
        app.MapGet("/{lang}/desk/organisation.csv", Staff.StaffCsv.Get).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/onboarding.csv", Rollout.BoardCsv.Get).RequireAuthorization(Policies.Rollout);
    }
}
