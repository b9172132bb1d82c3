using System.Net;
using System.Net.Sockets;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Verbs;

/// <summary>Asks for the port before the database is started, so that a port in use is told at once.</summary>
internal static class Ports
{
    public static void MustBeFree(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!Uri.TryCreate(url.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)) throw new SetupException($"'{url}' is not an address; write it like http://localhost:5080");
            if (uri.Port == 0) continue;
            try
            {
                using var probe = new TcpListener(uri.IsLoopback ? IPAddress.Loopback : IPAddress.Any, uri.Port);
                probe.Start();
            }
            catch (SocketException)
            {
                throw new SetupException($"Port {uri.Port} is already in use; stop the other program, or choose another port with --urls http://localhost:<port>.");
            }
        }
    }
}
