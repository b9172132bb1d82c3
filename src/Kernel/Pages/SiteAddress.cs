using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;

namespace Sahulat.Kernel.Pages;

/// <summary>The address under which people reach the site, for what is printed or sent outside a request: <c>Sahulat:Address</c>, else where this node listens.</summary>
public sealed class SiteAddress(IConfiguration configuration, IServer server)
{
    private const string Usual = "http://localhost:5080";

    /// <summary>The full address of a path as <c>/ur/verify</c>.</summary>
    public string Of(string path) => Base() + path;

    private string Base()
    {
        var address = configuration["Sahulat:Address"] ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? Usual;
        return address.Replace("://[::]", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal).TrimEnd('/');
    }
}
