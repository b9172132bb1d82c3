using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Sahulat.Kernel.Data;

namespace Sahulat.Host.Bench;

/// <summary>PostgreSQL's own load generator, with the rows that one filed request makes.</summary>
internal static partial class PgBench
{
    public enum Trips
    {
        Many,
        One,
    }

    private const int Clients = 32;

    /// <summary>Ids grow, as those of the program do; the form is 1 kB of bytes that do not compress.</summary>
    private const string Script = """
        \set n :n + 1
        \set r random(1000000000000000, 9999999999999999)
        begin;
        insert into cases."case" (id, reference, type, service, service_version, law, law_version, place, applicant, state, step, post, filed_at, filed_by, complete_on, due_on, version) values ((lpad(:n, 12, '0') || lpad(:client_id, 4, '0') || :r)::uuid, 'P' || :client_id || '-' || :r, 'application', 'income-certificate', 1, 'jk-psga', 1, 'tehsil-6805', (lpad(:n, 12, '0') || lpad(:client_id, 4, '0') || :r)::uuid, 'open', 'verify', 'naib-tehsildar@tehsil-6805', now(), 'system-bench', '2026-11-02', '2026-12-20', 1);
        insert into cases.content (case_id, answers, lang) values ((lpad(:n, 12, '0') || lpad(:client_id, 4, '0') || :r)::uuid, :noise, 'en');
        insert into cases.step (case_id, code, seq, post, state, opened_on) values ((lpad(:n, 12, '0') || lpad(:client_id, 4, '0') || :r)::uuid, 'verify', 1, 'naib-tehsildar@tehsil-6805', 'open', '2026-11-02'), ((lpad(:n, 12, '0') || lpad(:client_id, 4, '0') || :r)::uuid, 'decide', 2, null, 'waiting', null);
        insert into cases.idempotency (caller, key, body_digest, case_id, answer, at) values ('system-bench', :client_id || '-' || :r, sha256(:r), (lpad(:n, 12, '0') || lpad(:client_id, 4, '0') || :r)::uuid, '{"reference":"JK26-0000-0000-0","completeOn":"2026-11-02","dueOn":"2026-12-20","missing":[]}', now());
        insert into journal.stream (stream, version, digest) values ('case/' || :client_id || '-' || :r, 1, sha256(:r));
        insert into journal.entry (stream, version, kind, at, actor, body, digest) values ('case/' || :client_id || '-' || :r, 1, 'case.filed', now(), 'system-bench', '{"type":"Application","reference":"JK26-0000-0000-0","service":"income-certificate","serviceVersion": 1,"law":"jk-psga","lawVersion": 1,"place":"tehsil-6805","applicant":"0199a0b0c0d070008000000000000000","filedOn":"2026-11-02","completeOn":"2026-11-02","dueOn":"2026-12-20","step":"verify","post":"naib-tehsildar@tehsil-6805"}', sha256(:r));
        commit;

        """;

    public static async Task<double> Run(PrivateCluster cluster, string database, int seconds, Trips trips, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.App(database));
        var file = Path.Combine(Path.GetTempPath(), $"sahulat-pgbench-{Guid.NewGuid():N}.sql");
        var noise = "\\x" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024));
        var script = Script.Replace(":noise", $"'{noise}'", StringComparison.Ordinal);
        if (trips == Trips.One) script = script.Replace("begin;\n", "\\startpipeline\nbegin;\n", StringComparison.Ordinal).Replace("commit;\n", "commit;\n\\endpipeline\n", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, script, ct);
        try
        {
            string[] arguments = ["-n", "-M", "prepared", "-c", $"{Clients}", "-j", "2", "-T", $"{seconds}", "-D", $"n={(trips == Trips.One ? 500_000_000 : 0)}", "-f", file, "-h", settings.Host!, "-U", settings.Username!, database];
            var start = new ProcessStartInfo(Path.Combine(PrivateCluster.FindBinaries(), "pgbench"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PGPASSWORD"] = settings.Password;
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(ct);
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return Tps().Match(output) is { Success: true } tps && process.ExitCode == 0
                ? double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException("pgbench failed: " + (await errors).Split('\n').FirstOrDefault(l => l.Contains("ERROR", StringComparison.Ordinal) || l.Contains("error", StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();
}
