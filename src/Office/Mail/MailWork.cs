using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Office.Mail;

/// <summary>Takes in what mail servers deliver: <c>Sahulat:MailFolder</c> has a Maildir for each post, named by the post's code. What was taken in moves to the mailbox's folder <c>Taken</c> (flagged where something was left out), what was refused to <c>Refused</c>: both can be seen with any mail program.</summary>
internal sealed class MailWork(MailIntake intake, OfficePosts posts, IConfiguration configuration, ILogger<MailWork> log) : BackgroundService
{
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(5);

    /// <summary>A mail that makes the program fail so often does not keep others waiting.</summary>
    private const int Tries = 3;

    private readonly string? folder = configuration["Sahulat:MailFolder"];
    private readonly Dictionary<string, int> failed = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (string.IsNullOrEmpty(folder)) return;
        using var pulse = new PeriodicTimer(Pulse);
        do
        {
            try
            {
                await Round(stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("mails could not be taken in ({Reason}); it goes on", e.Message);
            }
        }
        while (await pulse.WaitForNextTickAsync(stop));
    }

    /// <summary>Everything that lies there, once.</summary>
    internal async Task Round(CancellationToken ct)
    {
        foreach (var box in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            var post = Path.GetFileName(box);
            if (!posts.Exists(post)) continue;
            foreach (var path in new[] { "new", "cur" }.Select(d => Path.Combine(box, d)).Where(Directory.Exists).SelectMany(d => Directory.EnumerateFiles(d).Order(StringComparer.Ordinal)).ToArray())
            {
                ct.ThrowIfCancellationRequested();
                var file = new FileInfo(path);
                if (file.Name[0] == '.' || file.LinkTarget is not null) continue;
                try
                {
                    await Take(box, post, file, ct);
                    failed.Remove(path);
                }
                catch (FileNotFoundException)
                {
                    // Another node has it, or its owner took it away.
                }
                catch (Exception e) when (e is SetupException or NpgsqlException)
                {
                    // Not the mail's fault: it waits.
                    log.LogWarning("mails cannot be taken in now ({Reason})", e.Message);
                    return;
                }
                catch (Exception e) when (!ct.IsCancellationRequested)
                {
                    log.LogWarning("a mail to {Post} could not be taken in ({Reason}); it is tried again", post, e.Message);
                    failed[path] = failed.GetValueOrDefault(path) + 1;
                }
            }
        }
    }

    private async Task Take(string box, string post, FileInfo file, CancellationToken ct)
    {
        var name = file.Name.Split(":2,")[0];
        var large = file.Length > MailReader.MostMegabytes * 1024L * 1024;
        var taken = large ? await intake.Refuse(post, name, System.Text.Encoding.UTF8.GetBytes(name), "mail-too-large", ct)
            : failed.GetValueOrDefault(file.FullName) >= Tries ? await intake.Refuse(post, name, await File.ReadAllBytesAsync(file.FullName, ct), "mail-unreadable", ct)
            : await intake.Take(post, name, await File.ReadAllBytesAsync(file.FullName, ct), ct);
        // What cannot be judged now stays where it is.
        if (taken is null) return;
        var target = Path.Combine(box, taken.Refused is null ? ".Taken" : ".Refused");
        foreach (var part in new[] { "cur", "new", "tmp" }) Directory.CreateDirectory(Path.Combine(target, part));
        File.Move(file.FullName, Path.Combine(target, "cur", $"{name}:2,{(taken.Partly || taken.Refused is not null ? "F" : "")}S"), overwrite: true);
    }
}
