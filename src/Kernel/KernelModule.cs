using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

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

        var folder = Path.GetFullPath(configuration["Sahulat:Folder"] ?? ".data");
        services.AddSingleton(new VaultOptions { KeyFile = configuration["Sahulat:KeyFile"] ?? Path.Combine(folder, "keys", "master.json") });
        services.AddSingleton(sp => MasterKeys.Open(sp.GetRequiredService<VaultOptions>().KeyFile, sp.GetRequiredService<Database>()));
        services.AddSingleton<Vault.Vault>();
        services.AddHostedService<VaultStart>();

        services.AddSingleton(sp => Blobs(configuration, folder, sp.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SealedBlobs>();
        services.AddSingleton<Clam>();

        services.AddSingleton<Calendars>();
        services.AddSingleton<IPackLoader, CalendarLoader>();
        services.AddHostedService<CalendarWatch>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
    }

    private static IBlobStore Blobs(IConfiguration configuration, string folder, TimeProvider time)
    {
        var options = configuration.GetSection("Sahulat:Blobs").Get<BlobOptions>() ?? new BlobOptions();
        if (options.Folder.Length == 0) options.Folder = Path.Combine(folder, "blobs");
        return options.S3 is { } s3 ? new S3Blobs(s3, Path.Combine(options.Folder, "spool")) : new FolderBlobs(options.Folder, time);
    }
}
