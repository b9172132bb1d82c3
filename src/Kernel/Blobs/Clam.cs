using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Sahulat.Kernel.Blobs;

/// <summary>Asks clamd about what comes from outside (INSTREAM). <c>Sahulat:ClamAv</c> is <c>host:port</c> or the path of a socket; without it nothing is asked.</summary>
public sealed class Clam(IConfiguration configuration)
{
    /// <summary>Nothing is taken in while it does not answer.</summary>
    public static readonly Problem Away = new("scanner-away", 503);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string? address = configuration["Sahulat:ClamAv"];

    /// <param name="field">The field of the form that the content came in.</param>
    /// <returns>Null when it may come in.</returns>
    public async Task<Problem?> Fault(string field, ReadOnlyMemory<byte> content, CancellationToken ct) => await Ask(content, ct) switch
    {
        "clean" => null,
        "infected" => Problem.Invalid([new Fault(field, "file-infected")]),
        _ => Away with { Faults = [new Fault(field, "file-not-checked")] },
    };

    /// <returns>clean, infected, or away when there is no answer.</returns>
    private async Task<string> Ask(ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(address)) return "clean";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(Limit);
        try
        {
            using var socket = await Connect(timeout.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync("zINSTREAM\0"u8.ToArray(), timeout.Token);
            var size = new byte[4];
            for (var at = 0; at < content.Length; at += 65_536)
            {
                var part = content.Slice(at, Math.Min(65_536, content.Length - at));
                BinaryPrimitives.WriteInt32BigEndian(size, part.Length);
                await stream.WriteAsync(size, timeout.Token);
                await stream.WriteAsync(part, timeout.Token);
            }

            await stream.WriteAsync(new byte[4], timeout.Token);
            using var answer = new MemoryStream();
            var buffer = new byte[1024];
            for (int n; (n = await stream.ReadAsync(buffer, timeout.Token)) > 0 && answer.Length < 4096;) answer.Write(buffer, 0, n);
            var said = Encoding.UTF8.GetString(answer.ToArray()).TrimEnd('\0', '\n');
            return said.EndsWith(" OK", StringComparison.Ordinal) ? "clean" : said.EndsWith(" FOUND", StringComparison.Ordinal) ? "infected" : "away";
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return "away";
        }
    }

    private async Task<Socket> Connect(CancellationToken ct)
    {
        var unix = address!.StartsWith('/');
        var socket = unix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (unix) await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), ct);
            else await socket.ConnectAsync(address[..address.LastIndexOf(':')], int.Parse(address[(address.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture), ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
