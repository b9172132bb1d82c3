using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sahulat.Host.Bench;

/// <summary>What to send. The marks of <see cref="LoadGenerator"/> in it are replaced in place for each request: request n is of citizen n modulo <paramref name="Citizens"/> and names papers 2n and 2n + 1.</summary>
internal sealed record LoadOrder(int Port, int Connections, int WarmUp, int Seconds, int Citizens, string Head, string Body);

/// <param name="Errors">Answers other than 201, and connections lost.</param>
internal sealed record LoadReport(long Answered, double Seconds, long Errors, double P50Ms, double P99Ms, double MaxMs, long AllAccepted, string? FirstError);

/// <summary>Closed loop over raw sockets: one request at a time on each connection. A process of its own, so that its work is seen apart from the server's.</summary>
internal static class LoadGenerator
{
    /// <summary>Marks in a request, as long as what replaces them.</summary>
    public const string Key = "{key-------------------------------}", Mobile = "{mobile--}", FirstPaper = "{paper-1---}", SecondPaper = "{paper-2---}";

    private static long sent;

    public static async Task<int> Run(TextReader orders, TextWriter report, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize<LoadOrder>((await orders.ReadLineAsync(ct))!)!;
        var watch = Stopwatch.StartNew();
        var (start, end) = (TimeSpan.FromSeconds(order.WarmUp), TimeSpan.FromSeconds(order.WarmUp + order.Seconds));
        var lines = await Task.WhenAll(Enumerable.Range(0, order.Connections).Select(_ => Task.Run(() => new Line(order).Run(watch, start, end, ct), ct)));
        var times = new long[Line.Buckets];
        foreach (var line in lines)
            for (var b = 0; b < times.Length; b++) times[b] += line.Times[b];
        var answered = lines.Sum(l => l.Counted);
        await report.WriteLineAsync(JsonSerializer.Serialize(new LoadReport(answered, order.Seconds, lines.Sum(l => l.Errors), Percentile(times, answered, 0.50), Percentile(times, answered, 0.99), Percentile(times, answered, 1), lines.Sum(l => l.Accepted), lines.Select(l => l.FirstError).FirstOrDefault(e => e is not null))));
        return 0;
    }

    private static double Percentile(long[] times, long count, double share)
    {
        long seen = 0;
        for (var b = 0; b < times.Length; b++)
        {
            seen += times[b];
            if (seen > 0 && seen >= count * share) return (b + 1) * Line.BucketMs;
        }

        return times.Length * Line.BucketMs;
    }

    private sealed class Line(LoadOrder order)
    {
        public const int Buckets = 40_000;
        public const double BucketMs = 0.1;

        private readonly byte[] request = Encoding.UTF8.GetBytes(order.Head + order.Body);
        private readonly byte[] answer = new byte[32 * 1024];
        private (int[] Keys, int[] Mobiles, int[] First, int[] Second) places;

        public int[] Times { get; } = new int[Buckets];

        public long Counted { get; private set; }

        public long Accepted { get; private set; }

        public long Errors { get; private set; }

        public string? FirstError { get; private set; }

        public async Task<Line> Run(Stopwatch watch, TimeSpan start, TimeSpan end, CancellationToken ct)
        {
            places = (Find(Key), Find(Mobile), Find(FirstPaper), Find(SecondPaper));
            while (watch.Elapsed < end)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, order.Port, ct);
                    while (watch.Elapsed < end)
                    {
                        Patch();
                        var sent = watch.Elapsed;
                        await socket.SendAsync(request, ct);
                        var status = await Answer(socket, ct);
                        var now = watch.Elapsed;
                        if (status is 200 or 201 or 202) Accepted++;
                        else if (sent >= start) Errors++;
                        if (sent < start || now > end || status is not (200 or 201 or 202)) continue;
                        Counted++;
                        Times[Math.Min(Buckets - 1, (int)((now - sent).TotalMilliseconds / BucketMs))]++;
                    }
                }
                catch (Exception e) when (e is SocketException or IOException)
                {
                    Errors++;
                    FirstError ??= e.Message;
                }
            }

            return this;
        }

        private int[] Find(string mark)
        {
            var (found, bytes, at) = (new List<int>(), Encoding.ASCII.GetBytes(mark), 0);
            for (int i; (i = request.AsSpan(at).IndexOf(bytes)) >= 0; at += i + 1) found.Add(at + i);
            return [.. found];
        }

        private void Patch()
        {
            if (places.Keys.Length > 0)
            {
                Span<byte> key = stackalloc byte[36];
                Guid.NewGuid().TryFormat(key, out _);
                foreach (var at in places.Keys) key.CopyTo(request.AsSpan(at));
            }

            var n = Interlocked.Increment(ref sent) - 1;
            foreach (var at in places.Mobiles) (7_000_000_000L + (n % order.Citizens)).TryFormat(request.AsSpan(at), out _);
            foreach (var at in places.First) (2 * n).TryFormat(request.AsSpan(at), out _, "x12");
            foreach (var at in places.Second) ((2 * n) + 1).TryFormat(request.AsSpan(at), out _, "x12");
        }

        private async Task<int> Answer(Socket socket, CancellationToken ct)
        {
            var have = 0;
            while (true)
            {
                var n = await socket.ReceiveAsync(answer.AsMemory(have), ct);
                if (n == 0) throw new IOException("the server closed the connection");
                have += n;
                if (Whole(have) is not { } status) continue;
                if (status is not (200 or 201 or 202)) FirstError ??= Encoding.UTF8.GetString(answer, 0, Math.Min(have, 1500));
                return status;
            }
        }

        /// <summary>The status, once the head and the whole body are there.</summary>
        private int? Whole(int have)
        {
            var text = answer.AsSpan(0, have);
            var head = text.IndexOf("\r\n\r\n"u8);
            if (head < 0) return null;
            var status = ((text[9] - '0') * 100) + ((text[10] - '0') * 10) + text[11] - '0';
            var named = text[..head].IndexOf("Content-Length: "u8);
            if (named < 0) return text.EndsWith("0\r\n\r\n"u8) ? status : null;
            var length = 0;
            for (var i = named + 16; text[i] is >= (byte)'0' and <= (byte)'9'; i++) length = (length * 10) + text[i] - '0';
            return have >= head + 4 + length ? status : null;
        }
    }
}
