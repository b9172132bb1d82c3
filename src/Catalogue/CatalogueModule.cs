using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel;

namespace Sahulat.Catalogue;

public sealed class CatalogueModule : IModule
{
    public string Name => "catalogue";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
    }

    public void Map(IEndpointRouteBuilder app)
    {
    }
}
