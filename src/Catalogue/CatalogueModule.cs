using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Catalogue.Api;
using Sahulat.Catalogue.Compare;
using Sahulat.Catalogue.Confirm;
using Sahulat.Catalogue.Design;
using Sahulat.Catalogue.Draft;
using Sahulat.Catalogue.Exchange;
using Sahulat.Catalogue.Find;
using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.History;
using Sahulat.Catalogue.Incoming;
using Sahulat.Catalogue.Load;
using Sahulat.Catalogue.Overview;
using Sahulat.Catalogue.Review;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;

namespace Sahulat.Catalogue;

/// <summary>Services and laws as dated data, their forms, and the search among them.</summary>
public sealed class CatalogueModule : IModule
{
    public string Name => "catalogue";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ServiceDirectory>();
        services.AddSingleton<IServiceDirectory>(s => s.GetRequiredService<ServiceDirectory>());
        services.AddHostedService<DirectoryRefresh>();
        services.AddSingleton<IPackLoader, CatalogueLoader>();
        services.AddSingleton<DifferenceWriting>();
        services.AddSingleton<InForce>();
        services.AddSingleton<OpenPoints>();
        services.AddSingleton<PackIdentity>();
        services.AddSingleton<PackPlanning>();
        services.AddSingleton<IncomingPacks>();
        services.AddSingleton<PackExchange>();
        services.AddSingleton<IPackExchange>(s => s.GetRequiredService<PackExchange>());
        services.AddSingleton<ServiceSearch>();
        services.AddSingleton<IGrievanceSearch, GrievanceSearch>();
        services.AddSingleton<IServiceSearch>(s => s.GetRequiredService<ServiceSearch>());
        services.AddSingleton<PersonParts>();
        services.AddSingleton<PlaceNames>();
        services.AddSingleton<SummaryWriting>();
        services.AddSingleton<IFormRenderer, FormRenderer>();
        services.AddSingleton<DraftCheck>();
        services.AddSingleton<Drafts>();
        services.AddSingleton<Sheets>();
        services.AddSingleton<Publishing>();
        services.AddSingleton<StoredVersions>();
        services.AddSingleton<CompiledForms>();
        services.AddSingleton<IForms>(s => s.GetRequiredService<CompiledForms>());
    }

    public void Map(IEndpointRouteBuilder app)
    {
        ServicesApi.Map(app);
        YamlOut.Map(app);
        PackDownload.Map(app);
        UnconfirmedModel.Map(app);
    }
}
