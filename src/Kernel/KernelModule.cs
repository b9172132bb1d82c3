using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sahulat.Kernel.Journal;

namespace Sahulat.Kernel;

/// <summary>What every room stands on.</summary>
public sealed class KernelModule : IModule
{
    public string Name => "kernel";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Followers>();
        services.AddHostedService<FollowerHost>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
    }
}
