using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sahulat.Tests.Messaging;

/// <summary>A small SMSC that speaks SMPP 3.4 on the loopback: takes messages with their optional parameters, gives receipts, lets people write. Numbers ending in 0002 are undeliverable, in 0001 refused at once.</summary>
internal sealed class SmscSimulator : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private NetworkStream? bound;
    private int count, sequence;

    public sealed record Submitted(string From, string To, byte Coding, byte[] Text, IReadOnlyDictionary<int, string> Parameters);

    public ConcurrentQueue<Submitted> Taken { get; } = new();

    public bool IsBound => bound is not null;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public SmscSimulator()
    {
        listener.Start();
        _ = Serve();
    }

    public Task Write(string from, string to, string text)
    {
        var unicode = text.Any(c => c > 127);
        var content = unicode ? Encoding.BigEndianUnicode.GetBytes(text) : Encoding.ASCII.GetBytes(text);
        return Deliver(from, to, 0, unicode ? (byte)8 : (byte)0, content);
    }

    private async Task Serve()
    {
        try
        {
            while (!stop.IsCancellationRequested) _ = Talk(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task Talk(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var head = new byte[16];
            try
            {
                while (true)
                {
                    await stream.ReadExactlyAsync(head, stop.Token);
                    var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - 16];
                    await stream.ReadExactlyAsync(body, stop.Token);
                    await Take(stream, BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4)), BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(12)), body);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side has gone.
            }
        }
    }

    private async Task Take(NetworkStream stream, uint command, int seq, byte[] body)
    {
        switch (command)
        {
            case 1 or 2 or 9:
                await Send(stream, command | 0x80000000, 0, seq, "SIM\0"u8.ToArray());
                bound = stream;
                break;
            case 0x15:
                await Send(stream, 0x80000015, 0, seq, []);
                break;
            case 4:
                await Submit(stream, seq, body);
                break;
        }
    }

    private async Task Submit(NetworkStream stream, int seq, byte[] body)
    {
        var i = 0;
        string Text()
        {
            var end = Array.IndexOf(body, (byte)0, i);
            var text = Encoding.Latin1.GetString(body, i, end - i);
            i = end + 1;
            return text;
        }

        Text();
        i += 2;
        var from = Text();
        i += 2;
        var to = Text();
        i += 3;
        Text();
        Text();
        var (registered, coding, length) = (body[i], body[i + 2], body[i + 4]);
        i += 5;
        var content = body[i..(i + length)];
        i += length;
        var parameters = new Dictionary<int, string>();
        while (i + 4 <= body.Length)
        {
            var (tag, size) = (BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(i)), BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(i + 2)));
            parameters[tag] = Encoding.Latin1.GetString(body, i + 4, size).TrimEnd('\0');
            i += 4 + size;
        }

        if (to.EndsWith("0001", StringComparison.Ordinal))
        {
            await Send(stream, 0x80000004, 0x0B, seq, []);
            return;
        }

        Taken.Enqueue(new(from, to, coding, content, parameters));
        var id = Interlocked.Increment(ref count).ToString("x");
        await Send(stream, 0x80000004, 0, seq, Encoding.ASCII.GetBytes(id + "\0"));
        if ((registered & 1) == 0) return;
        var (state, error) = to.EndsWith("0002", StringComparison.Ordinal) ? ("UNDELIV", "005") : ("DELIVRD", "000");
        var receipt = $"id:{id} sub:001 dlvrd:001 submit date:2611020430 done date:2611020430 stat:{state} err:{error} text:";
        await Deliver(to, from, 4, 0, Encoding.ASCII.GetBytes(receipt));
    }

    private Task Deliver(string from, string to, byte kind, byte coding, byte[] content) =>
        Send(bound!, 5, 0, Interlocked.Increment(ref sequence), [0, 1, 1, .. Encoding.ASCII.GetBytes(from), 0, 0, 1, .. Encoding.ASCII.GetBytes(to), 0, kind, 0, 0, 0, 0, 0, 0, coding, 0, (byte)content.Length, .. content]);

    private static async Task Send(NetworkStream stream, uint command, int status, int seq, byte[] body)
    {
        var pdu = new byte[16 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(pdu, pdu.Length);
        BinaryPrimitives.WriteUInt32BigEndian(pdu.AsSpan(4), command);
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(8), status);
        BinaryPrimitives.WriteInt32BigEndian(pdu.AsSpan(12), seq);
        body.CopyTo(pdu, 16);
        await stream.WriteAsync(pdu);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        stop.Dispose();
    }
}
