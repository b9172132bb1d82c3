using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Intake;

/// <summary>Reads waiting scans on this node, two at once, and takes what scanners lay into folders: <c>Sahulat:ScanFolder</c> has one folder a plan, named by the plan's id. A file is taken once it has not grown for a while; it then moves to <c>taken</c>, or to <c>refused</c>.</summary>
internal sealed class IntakeWork(Database database, Intakes intakes, IntakeReader reader, IConfiguration configuration, TimeProvider time, ILogger<IntakeWork> log) : BackgroundService
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(2);

    /// <summary>How long a file must lie still: a scanner that stops in mid-page goes on within this, or never.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    private readonly string? folder = configuration["Sahulat:ScanFolder"];

    protected override Task ExecuteAsync(CancellationToken stop) =>
        configuration["Sahulat:PageReading"] == "off" ? Task.CompletedTask : Task.WhenAll([Run(reader.Next, stop), Run(reader.Next, stop), .. folder is null ? Array.Empty<Task>() : [Run(TakeNext, stop)]]);

    private async Task Run(Func<CancellationToken, Task<bool>> step, CancellationToken stop)
    {
        using var pulse = new PeriodicTimer(Pulse);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                while (await step(stop))
                {
                }

                await pulse.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception e) when (e is NpgsqlException or IOException or JournalConflictException or SetupException or UnauthorizedAccessException)
            {
                log.LogWarning("intake of scans failed ({Reason}); it goes on", e.Message);
                await pulse.WaitForNextTickAsync(stop).AsTask().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    /// <returns>False when nothing lies there.</returns>
    internal async Task<bool> TakeNext(CancellationToken ct)
    {
        foreach (var place in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            if (!Guid.TryParse(Path.GetFileName(place), out var id) || await database.One<PlanRow>($"select {ScanPlans.PlanColumns} from office.scan_plan where id = @id", new { id }, ct) is not { } plan) continue;
            foreach (var path in Directory.EnumerateFiles(place).Order(StringComparer.Ordinal))
            {
                var file = new FileInfo(path);
                // The machine's own clock wrote the time of the file.
                if (file.Name[0] == '.' || TimeProvider.System.GetUtcNow() - file.LastWriteTimeUtc < Still) continue;
                var taken = file.Length > Intakes.MaxMegabytes * 1024L * 1024 ? null : await intakes.Take(plan, await File.ReadAllBytesAsync(path, ct), "folder", null, null, Actor.Sahulat("scan-folder"), ct);
                // Without the virus scanner it stays where it is until the scanner answers.
                if (taken?.Problem?.Code == OfficeProblems.ScannerAway.Code) continue;
                var target = Directory.CreateDirectory(Path.Combine(place, taken is { Ok: true } ? "taken" : "refused")).FullName;
                File.Move(path, Path.Combine(target, $"{time.GetUtcNow():yyyyMMddHHmmssfff}-{file.Name}"), overwrite: true);
                return true;
            }
        }

        return false;
    }
}
