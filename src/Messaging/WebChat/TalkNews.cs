using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;
using Sahulat.Messaging.Converse;

namespace Sahulat.Messaging.WebChat;

/// <summary>Hears from every node which conversations went on that somebody may be watching here. What is missed while the line is down, the open pages find at their next beat.</summary>
internal sealed class TalkNews(Database database, TalkSignal signal, TimeProvider time, ILogger<TalkNews> log) : BackgroundService
{
    private const string Channel = "talk";

    /// <summary>A notification carries less than 8,000 bytes.</summary>
    private const int MostAtOnce = 200;

    private static readonly TimeSpan Still = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromSeconds(1);

    /// <summary>Told to all nodes once the transaction is committed.</summary>
    public static async Task Tell(Work work, IEnumerable<Guid> conversations)
    {
        foreach (var some in conversations.Chunk(MostAtOnce))
            await work.Execute("select pg_notify(@Channel, @ids)", new { Channel, ids = string.Join(',', some.Select(id => id.ToString("N"))) });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception fault)
            {
                log.LogWarning("news of conversations are not heard ({Reason}); listening again", fault.Message);
                await Task.Delay(Pause, time, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task Listen(CancellationToken stop)
    {
        await using var connection = await database.Open(stop);
        connection.Notification += Heard;
        try
        {
            await Say(connection, $"listen {Channel}", stop);
            // A line that died unseen is found by saying something now and then.
            while (true)
                if (!await connection.WaitAsync(Still, stop)) await Say(connection, "select", stop);
        }
        finally
        {
            connection.Notification -= Heard;
        }
    }

    private void Heard(object sender, NpgsqlNotificationEventArgs told) => signal.Changed([.. told.Payload.Split(',').Select(id => Guid.TryParseExact(id, "N", out var known) ? known : Guid.Empty)]);

    private static async Task Say(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}
