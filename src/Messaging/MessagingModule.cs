using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel;

namespace Sahulat.Messaging;

public sealed class MessagingModule : IModule
{
    public string Name => "messaging";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
    }

    public void Map(IEndpointRouteBuilder app)
    {
    }
}
