using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Messaging.Outbox;

namespace Sahulat.Messaging;

public sealed class MessagingModule : IModule
{
    public string Name => "messaging";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ScreenGateway>();
        services.AddSingleton<IMessageGateway>(s => s.GetRequiredService<ScreenGateway>());
    }

    public void Map(IEndpointRouteBuilder app)
    {
    }
}
