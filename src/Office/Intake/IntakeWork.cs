using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Plan;
using Sahulat.Office.Record;

namespace Sahulat.Office.Intake;

/// <summary>Reads waiting scans on this node, two at once, and takes what scanners lay into folders: <c>Sahulat:ScanFolder</c> has one folder a plan, named by the plan's id. A file is taken once it has not grown for a while; it then moves to <c>taken</c>, or to <c>refused</c>. What lies in <c>taken</c> and the database does not know, since it was restored to an earlier state, is taken again.</summary>
internal sealed partial class IntakeWork(Database database, Intakes intakes, IntakeReader reader, RawScans raw, IConfiguration configuration, TimeProvider time, ILogger<IntakeWork> log) : BackgroundService
{
    private const int AtOnce = 500, LongestName = 50;
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(2), Slow = TimeSpan.FromMinutes(10);

    /// <summary>How long a file must lie still: a scanner that stops in mid-page goes on within this, or never.</summary>
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    private static readonly Actor Self = Actor.Sahulat("scan-folder");

    private readonly string? folder = configuration["Sahulat:ScanFolder"];

    protected override Task ExecuteAsync(CancellationToken stop) =>
        configuration["Sahulat:PageReading"] == "off" ? Task.CompletedTask : Task.WhenAll([
            Run(reader.Next, Pulse, stop), Run(reader.Next, Pulse, stop), Run(raw.Next, Slow, stop), Run(raw.OwnKeys, Slow, stop),
            .. folder is null ? Array.Empty<Task>() : [Run(TakeNext, Pulse, stop), Run(TakeLost, Slow, stop)]]);

    private async Task Run(Func<CancellationToken, Task<bool>> step, TimeSpan every, CancellationToken stop)
    {
        using var pulse = new PeriodicTimer(every);
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
        await foreach (var (plan, place) in Places(ct))
        {
            foreach (var file in new DirectoryInfo(place).EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                // The machine's own clock wrote the time of the file.
                if (file.Name[0] == '.' || file.LinkTarget is not null || TimeProvider.System.GetUtcNow() - file.LastWriteTimeUtc < Still) continue;
                // Without the virus scanner it stays where it is until the scanner answers.
                if (await Take(plan, place, file, file.Name, ct)) return true;
            }
        }

        return false;
    }

    /// <summary>Compares what lies in <c>taken</c> with what the database knows: by the digest in the file's name, or, where a person laid it there, of its bytes.</summary>
    /// <returns>False when all is known.</returns>
    internal async Task<bool> TakeLost(CancellationToken ct)
    {
        var some = false;
        await foreach (var (plan, place) in Places(ct))
        {
            var taken = new DirectoryInfo(Path.Combine(place, "taken"));
            foreach (var files in (taken.Exists ? taken.EnumerateFiles().Where(f => f.Name[0] != '.' && f.LinkTarget is null) : []).Chunk(AtOnce))
            {
                var digests = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
                foreach (var file in files) digests[Named().Match(file.Name) is { Success: true } named ? named.Groups[1].Value : Convert.ToHexStringLower(intakes.Digest(await Hash(file, ct)))] = file;
                var unknown = await database.Query<string>(@"select encode(d, 'hex') from unnest(@digests) d where not exists (select from office.intake i where i.plan = @Id and i.digest >= d and i.digest < d || '\xff'::bytea)", new { plan.Id, digests = digests.Keys.Select(Convert.FromHexString).ToArray() }, ct);
                foreach (var digest in unknown) some |= await Take(plan, place, digests[digest], Named().Replace(digests[digest].Name, ""), ct);
            }
        }

        return some;
    }

    /// <returns>False when it must stay where it is for now.</returns>
    private async Task<bool> Take(PlanRow plan, string place, FileInfo file, string name, CancellationToken ct)
    {
        var large = file.Length > Intakes.MaxMegabytes * 1024L * 1024;
        var content = large ? [] : await File.ReadAllBytesAsync(file.FullName, ct);
        var taken = large ? null : await intakes.Take(plan, content, "folder", null, null, Self, ct);
        if (taken?.Problem?.Code == Clam.Away.Code) return false;
        var sha256 = large ? await Hash(file, ct) : SHA256.HashData(content);
        if (taken is not { Ok: true }) await intakes.NoteRefusal(plan, sha256, file.Length, name, taken?.Problem?.Faults.FirstOrDefault()?.Code ?? "file-too-large", Self, ct);
        var target = Directory.CreateDirectory(Path.Combine(place, taken is { Ok: true } ? "taken" : "refused")).FullName;
        file.MoveTo(Path.Combine(target, $"{time.GetUtcNow():yyyyMMddHHmmssfff}-{Convert.ToHexStringLower(intakes.Digest(sha256))}-{(name.Length > LongestName ? name[^LongestName..] : name)}"), overwrite: true);
        return true;
    }

    private async IAsyncEnumerable<(PlanRow Plan, string Place)> Places([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var place in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
            if (Guid.TryParse(Path.GetFileName(place), out var id) && await database.One<PlanRow>($"select {ScanPlans.PlanColumns} from office.scan_plan where id = @id", new { id }, ct) is { } plan) yield return (plan, place);
    }

    private static async Task<byte[]> Hash(FileInfo file, CancellationToken ct)
    {
        await using var content = file.OpenRead();
        return await SHA256.HashDataAsync(content, ct);
    }

    /// <summary>When it was taken, and the keyed digest of its bytes.</summary>
    [GeneratedRegex("^[0-9]{17}-([0-9a-f]{64})-")]
    private static partial Regex Named();
}
