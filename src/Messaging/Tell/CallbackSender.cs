using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Data;
using Sahulat.Messaging.Api;

namespace Sahulat.Messaging.Tell;

/// <summary>Tells services by webhook, signed as standardwebhooks.com says (<c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature: v1,…</c>), and tries again over 24 hours. The feed keeps what no webhook could tell.</summary>
internal sealed class CallbackSender : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24), Patience = TimeSpan.FromSeconds(5);
    private static readonly int[] Waits = [5, 30, 120, 600, 1800, 3600, 7200];

    private readonly Database database;
    private readonly IDataProtector protector;
    private readonly TimeProvider time;
    private readonly ILogger<CallbackSender> log;
    private readonly HttpClient http;

    public CallbackSender(Database database, IDataProtectionProvider protection, IConfiguration configuration, TimeProvider time, ILogger<CallbackSender> log)
    {
        (this.database, this.time, this.log) = (database, time, log);
        protector = protection.CreateProtector("messaging.callback");
        var inside = configuration["Sahulat:Messaging:PrivateCallbacks"] == "allow";
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = Patience, ConnectCallback = (context, ct) => Connect(context.DnsEndPoint, inside, ct) }) { Timeout = Patience };
    }

    private sealed record Due(long Position, Guid Service, int Tries, DateTimeOffset Since, string Url, byte[] Secret);

    public byte[] Seal(string secret) => protector.Protect(Encoding.UTF8.GetBytes(secret));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var often = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await often.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Once(stoppingToken) == 200)
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogWarning(fault, "webhooks could not be read; they will be again");
            }
        }
    }

    public async Task<int> Once(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var due = await database.Query<Due>("""
            with d as (select position from messaging.callback where due_at <= @now order by due_at limit 200 for update skip locked),
            l as (update messaging.callback c set due_at = @until, tries = c.tries + 1 from d where c.position = d.position returning c.*)
            select l.position, l.service, l.tries, l.since, s.callback_url as url, s.callback_secret as secret from l join messaging.service s on s.id = l.service where s.callback_url is not null
            """, new { now, until = now.AddMinutes(2) }, ct);
        await Parallel.ForEachAsync(due.GroupBy(d => d.Service), new ParallelOptionsOf(ct), async (of, stop) =>
        {
            // One service that is slow keeps nobody else waiting; its own go one after another, in their order.
            foreach (var one in of) await Tell(one, stop);
        });
        return due.Count;
    }

    private sealed class ParallelOptionsOf : ParallelOptions
    {
        public ParallelOptionsOf(CancellationToken ct) => (MaxDegreeOfParallelism, CancellationToken) = (16, ct);
    }

    private async Task Tell(Due due, CancellationToken ct)
    {
        var row = await database.One<Events.Row>(Events.Select + " where e.position = @Position", due, ct);
        var fault = row is null ? null : await Post(due, row, ct);
        var now = time.GetUtcNow();
        var wait = TimeSpan.FromSeconds(Waits[Math.Min(due.Tries - 1, Waits.Length - 1)]);
        if (fault is null || now + wait > due.Since + Longest) await database.Execute("delete from messaging.callback where position = @Position", due, ct);
        else await database.Execute("update messaging.callback set due_at = @at, fault = @fault where position = @Position", new { due.Position, at = now + wait, fault }, ct);
    }

    /// <returns>What went wrong, or null.</returns>
    private async Task<string?> Post(Due due, Events.Row row, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Events.Of(row), MessagesEndpoint.Json);
        var stamp = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, due.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        request.Headers.Add("webhook-id", $"{row.Position}");
        request.Headers.Add("webhook-timestamp", $"{stamp}");
        request.Headers.Add("webhook-signature", "v1," + Sign(Encoding.UTF8.GetString(protector.Unprotect(due.Secret)), $"{row.Position}", stamp, body));
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return e is HttpRequestException h ? h.HttpRequestError.ToString() : "timeout";
        }
    }

    /// <summary>HMAC-SHA256 over <c>id.timestamp.body</c>; the secret is the base64 after <c>whsec_</c>.</summary>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret["whsec_".Length..]));
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>Never into the network that the node stands in: a service could else make it call what only it can reach.</summary>
    internal static async ValueTask<Stream> Connect(DnsEndPoint to, bool inside, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(to.Host, ct);
        var address = addresses.FirstOrDefault(a => inside || IsPublic(a)) ?? throw new HttpRequestException(HttpRequestError.ConnectionError, "not a public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, to.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new HttpRequestException(HttpRequestError.ConnectionError, "unreachable", e);
        }
    }

    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return false;
        var b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.IsIPv6SiteLocal && (b[0] & 0xfe) != 0xfc && !address.Equals(IPAddress.IPv6Any);
        return b[0] is not (0 or 10 or 127 or >= 224) && !(b[0] == 172 && b[1] is >= 16 and < 32) && !(b[0] == 192 && b[1] == 168) && !(b[0] == 169 && b[1] == 254) && !(b[0] == 100 && b[1] is >= 64 and < 128);
    }
}
