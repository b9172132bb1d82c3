using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sahulat.Access.Citizens;
using Sahulat.Access.Keys;
using Sahulat.Access.Officials;
using Sahulat.Access.OneTimeCode;
using Sahulat.Access.Provision;
using Sahulat.Access.Systems;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Access;

public sealed class AccessModule : IModule
{
    private const string ByRequest = "by-request";
    private static readonly TimeSpan CitizenStays = TimeSpan.FromMinutes(30);

    public string Name => "access";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ICitizens, CitizenRegister>();
        services.AddSingleton<IOneTimeCodes, OneTimeCodes>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<ISystems>(s => s.GetRequiredService<ApiKeys>());
        services.AddSingleton<IOfficials, OfficialRegister>();
        services.AddSingleton<TokenSeal>();
        services.AddSingleton<Barred>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<IAccounts>(s => s.GetRequiredService<Accounts>());
        services.AddSingleton<UserResources>();
        services.AddSingleton<GroupResources>();
        services.AddHostedService<SpentCodes>();
        services.AddSingleton<IDemo, Demo.DemoOfficials>();
        services.AddDataProtection().SetApplicationName("sahulat");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = ActivatorUtilities.CreateInstance<ProtectionKeys>(s)));
        services.AddDbContext<OfficialsDb>((s, o) => o.UseNpgsql(s.GetRequiredService<Database>().Source));
        services.AddAuthentication(ByRequest)
            .AddPolicyScheme(ByRequest, null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddCookie(Policies.Citizen, o => Cookie(o, "citizen", CitizenStays, "/sign-in"))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(Policies.System, null)
            .AddIdentityCookies();
        services.ConfigureApplicationCookie(o =>
        {
            Cookie(o, "official", TimeSpan.FromHours(9), "/desk/sign-in");
            var stamp = o.Events.OnValidatePrincipal;
            o.Events.OnValidatePrincipal = async context =>
            {
                await stamp(context);
                if (context.Principal?.Caller() is OfficialCaller official && await context.HttpContext.RequestServices.GetRequiredService<Barred>().Holds(official.Id, context.HttpContext.RequestAborted)) context.RejectPrincipal();
            };
        });
        services.AddIdentityCore<Official>(o =>
            {
                o.Password.RequiredLength = 12;
                o.Password.RequireNonAlphanumeric = false;
                o.Lockout.MaxFailedAccessAttempts = 5;
                o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                o.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            })
            .AddEntityFrameworkStores<OfficialsDb>()
            .AddUserStore<OfficialStore>()
            .AddSignInManager()
            .AddClaimsPrincipalFactory<OfficialClaims>()
            .AddDefaultTokenProviders();
        // A passkey stands for both password and code: the device must have seen its owner, and it says who he is.
        services.Configure<IdentityPasskeyOptions>(o =>
        {
            o.ServerDomain = configuration["Sahulat:Domain"];
            o.UserVerificationRequirement = "required";
            o.ResidentKeyRequirement = "required";
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Citizen, p => p.RequireClaim(Callers.KindClaim, "citizen"))
            .AddPolicy(Policies.Official, p => p.RequireClaim(Callers.KindClaim, "official"))
            .AddPolicy(Policies.System, p => p.RequireClaim(Callers.KindClaim, "system"))
            .AddPolicy(Policies.Admin, p => p.RequireAuthenticatedUser().AddRequirements(new HoldsDesignation(Designations.Administrator)))
            .AddPolicy(Policies.Rollout, p => p.RequireAuthenticatedUser().AddRequirements(new HoldsDesignation([.. Designations.RolloutReaders])))
            .AddPolicy(Policies.Filer, p => p.RequireAuthenticatedUser().AddRequirements(new MayFile()))
            .AddPolicy(Policies.Operator, p => p.RequireAuthenticatedUser().AddRequirements(new HoldsDesignation(Designations.Operator)));
        services.AddSingleton<IAuthorizationHandler, PostPolicy>();
        services.AddSingleton<IAuthorizationHandler, FilerPolicy>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        Account.Passkeys.Map(app);
        ScimApi.Map(app);
        app.MapPost("/{lang}/sign-out", async (HttpContext http, string lang) =>
        {
            await http.SignOutAsync(Policies.Citizen);
            await http.SignOutAsync(IdentityConstants.ApplicationScheme);
            return Results.Redirect($"/{(Lang.Find(lang) ?? Lang.En).Code}");
        });
    }

    /// <summary>A key says a system; a path of the desk, an official; everything else, a citizen.</summary>
    private static string SchemeOf(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey("X-Api-Key") || http.Request.Headers.Authorization.Count > 0) return Policies.System;
        var path = http.Request.Path.Value ?? "";
        var second = path.IndexOf('/', Math.Min(1, path.Length));
        return second > 0 && path.AsSpan(second).StartsWith("/desk") ? IdentityConstants.ApplicationScheme : Policies.Citizen;
    }

    private static void Cookie(CookieAuthenticationOptions options, string name, TimeSpan stays, string signIn)
    {
        options.Cookie.Name = name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = stays;
        options.SlidingExpiration = true;
        options.Events.OnRedirectToLogin = context =>
        {
            var request = context.Request;
            if (request.Path.StartsWithSegments("/api"))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }

            var lang = Lang.Find(request.RouteValues["lang"] as string) ?? Lang.En;
            context.Response.Redirect($"/{lang.Code}{signIn}?back={Uri.EscapeDataString(request.Path + request.QueryString)}");
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
