using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;
using Sahulat.Transparency.Publish;
using Sahulat.Transparency.Receipt;
using Sahulat.Transparency.Tree;

namespace Sahulat.Transparency;

public sealed class TransparencyModule : IModule
{
    public string Name => "transparency";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<LogIdentity>();
        services.AddSingleton<IFollower, TreeFollower>();
        services.AddSingleton<IReceipts, Receipts>();
        services.AddSingleton<IJournalAudit, Audit.JournalAudit>();
    }

    public void Map(IEndpointRouteBuilder app) => TileEndpoints.Map(app);
}
