using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Insight.Count;
using Sahulat.Insight.Download;
using Sahulat.Insight.Publish;
using Sahulat.Insight.Show;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Insight;

public sealed class InsightModule : IModule
{
    public string Name => "insight";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IFollower, CountFollower>();
        services.AddSingleton<Publisher>();
        services.AddHostedService<MonthWatch>();
        services.AddSingleton<Figures>();
        services.AddSingleton<Subjects>();
        services.AddSingleton<Ranking>();
    }

    public void Map(IEndpointRouteBuilder app) => PerformanceApi.Map(app);
}
