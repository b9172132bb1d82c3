using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sahulat.Host.Pages;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Host;

/// <summary>What a node needs to know to serve. <paramref name="Folder"/> keeps keys and blobs.</summary>
internal sealed record SiteOptions(string Database, string Folder, IReadOnlyList<string> Urls, IReadOnlyDictionary<string, string?>? Settings = null, TimeProvider? Time = null, Action<IServiceCollection>? Replace = null);

/// <summary>One serving node: every room registered and mapped. It holds no state; any number may run on one database.</summary>
internal static class Site
{
    public static WebApplication Build(SiteOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Site).Assembly.GetName().Name,
            ContentRootPath = ContentRoot(),
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Production,
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sahulat:Folder"] = options.Folder,
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            // At its finest it writes what people filled in, codes and numbers too: not even when all else is traced.
            ["Logging:LogLevel:Microsoft.AspNetCore.Mvc"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
            // The repository seals the keys itself.
            ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager"] = "Error",
        });
        if (options.Settings is not null) builder.Configuration.AddInMemoryCollection(options.Settings);
        builder.WebHost.ConfigureKestrel(Limits);
        builder.WebHost.UseUrls([.. options.Urls]);
        if (options.Time is not null) builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton(_ => Sahulat.Kernel.Data.Database.Connect(options.Database));
        foreach (var room in Rooms.All) room.Register(builder.Services, builder.Configuration);
        builder.Services.AddSahulatPages([.. Rooms.Assemblies, typeof(Site).Assembly]);
        options.Replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseSahulatPages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapRoot();
        app.MapGet("/health", async (Database database, CancellationToken ct) =>
            await database.One<int>("select 1", ct: ct) == 1 ? Results.Text("ok") : Results.StatusCode((int)HttpStatusCode.ServiceUnavailable));
        foreach (var room in Rooms.All) room.Map(app);
        return app;
    }

    private static void Limits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 30 * 1024 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
    }

    /// <summary>Beside the executable when published, the project folder when run from the build output.</summary>
    private static string ContentRoot()
    {
        var beside = AppContext.BaseDirectory;
        if (Directory.Exists(Path.Combine(beside, "wwwroot"))) return beside;
        for (var d = new DirectoryInfo(beside); d is not null; d = d.Parent)
        {
            var project = Path.Combine(d.FullName, "src", "Host");
            if (Directory.Exists(Path.Combine(project, "frontend"))) return project;
        }

        return beside;
    }
}
