using System.IO.Compression;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.WebEncoders;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>How pages are served: rooms' pages, texts, browser assets, headers, status pages.</summary>
public static class PortalSetup
{
    /// <param name="assemblies">Those of all rooms and of the host.</param>
    public static IServiceCollection AddSahulatPages(this IServiceCollection services, IEnumerable<Assembly> assemblies)
    {
        var all = assemblies.Distinct().ToArray();
        services.TryAddSingleton(_ => new TextCatalogue(all));
        services.TryAddScoped<Texts>();
        services.TryAddSingleton(_ => new Assets(all));
        services.TryAddSingleton<SiteAddress>();
        services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<Microsoft.AspNetCore.Routing.RouteOptions>(o => o.LowercaseUrls = true);
        // Form tokens are sealed anew in every answer, so compressing them tells nothing (BREACH).
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
            o.MimeTypes = ["text/html", "application/json", "application/problem+json"];
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Optimal);
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "form";
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            o.FormFieldName = "_form";
            o.SuppressXFrameOptionsHeader = true;
        });
        services.AddRazorPages(o => o.RootDirectory = "/").ConfigureApplicationPartManager(parts =>
        {
            parts.ApplicationParts.Clear();
            foreach (var part in all.SelectMany(a => ApplicationPartFactory.GetApplicationPartFactory(a).GetApplicationParts(a))) parts.ApplicationParts.Add(part);
        });
        return services;
    }

    /// <summary>Headers, assets, status pages, routing and language, in this order. Authentication and authorisation come after it.</summary>
    public static WebApplication UseSahulatPages(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseResponseCompression();
        app.UseMiddleware<StatusPages>();
        app.UseMiddleware<AssetServing>();
        app.UseRouting();
        app.UseMiddleware<LanguageOfRequest>();
        app.MapRazorPages();
        return app;
    }
}
