using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Guarantee;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Guarantee.Clock;
using Sahulat.Guarantee.Watch;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Guarantee;

public sealed class GuaranteeModule : IModule
{
    public string Name => "guarantee";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IStatutoryClock, StatutoryClock>();
        services.AddSingleton<NextLayer>();
        services.AddSingleton<IAppealLayers>(s => s.GetRequiredService<NextLayer>());
        services.AddSingleton<Sweep>();
        services.AddSingleton<ILapseSweep>(s => s.GetRequiredService<Sweep>());
        services.AddSingleton<IFollower, ClockFollower>();
        services.AddSingleton<IFollower, Recount.RecountDates>();
        services.AddSingleton<IDateMoves, Recount.DateMoves>();
        services.AddSingleton<Prove.DailyProof>();
        services.AddSingleton<Report.ClockReport>();
        services.AddSingleton<Holidays.HolidayDesk>();
        services.AddHostedService<NightWatch>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        Prove.ProofModel.Map(app);
        Report.GuaranteeModel.Map(app);
        Holidays.HolidaysModel.Map(app);
    }
}
