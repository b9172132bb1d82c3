using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using NpgsqlTypes;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Host.Bench;

/// <summary>A department with a key, and its queue, as the messaging room keeps them.</summary>
internal static class MessagesFill
{
    private static readonly Guid Service = new("0199a0b0-c0d0-7000-8000-0000000000aa");
    private static readonly Guid Campaign = new("0199a0b0-c0d0-7000-8000-0000000000bb");

    public static async Task<string> Department(IServiceProvider services, CancellationToken ct)
    {
        var secret = Guid.NewGuid().ToString();
        var seal = services.GetRequiredService<IDataProtectionProvider>().CreateProtector("messaging.key");
        await services.GetRequiredService<Database>().Execute("""
            insert into messaging.service (id, code, name, trial, per_minute, per_day, may_warn) values (@Service, 'bench', 'bench', false, 100000000, 1000000000, true), (@Campaign, 'campaign', 'campaign', false, 100000000, 1000000000, false);
            insert into messaging.key (id, service, name, kind, hash, secret, created_at) values (@Service, @Service, 'bench', 'live', @hash, @sealedSecret, now())
            """, new { Service, Campaign, hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret)), sealedSecret = seal.Protect(Encoding.UTF8.GetBytes(secret)) }, ct);
        return $"live-{Service}-{secret}";
    }

    /// <summary>So many bulk messages of another service, due now, each sealed as one that was accepted.</summary>
    public static async Task Queue(IServiceProvider services, int count, CancellationToken ct)
    {
        var (database, vault) = (services.GetRequiredService<Database>(), services.GetRequiredService<Vault>());
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var day = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"messaging/bulk/{Ist.DateIn(now):yyyy-MM-dd}")).AsSpan(0, 16));
        var key = await database.Write(work => vault.Key(work, day, "message"), ct);
        const int Chunk = 100_000;
        for (var from = 0; from < count; from += Chunk)
        {
            var ids = Enumerable.Range(0, Math.Min(Chunk, count - from)).Select(_ => Guid.CreateVersion7(now)).ToArray();
            await using var connection = await database.Open(ct);
            await using (var messages = await connection.BeginBinaryImportAsync("copy messaging.message (id, service, key_kind, class, template, version, lang, channels, contact, status, rank, segments, simulated, content, created_at, expires_at) from stdin (format binary)", ct))
            {
                for (var i = 0; i < ids.Length; i++)
                {
                    var to = "+91" + (7_100_000_000L + from + i).ToString(CultureInfo.InvariantCulture);
                    var content = JsonSerializer.SerializeToUtf8Bytes(new { steps = new[] { new { channel = "sms", to, lang = "en", text = "Hello, this is one of very many. Sahulat", encoding = "gsm-7", segments = 1, values = Array.Empty<string>() } } });
                    await messages.StartRowAsync(ct);
                    await messages.WriteAsync(ids[i], NpgsqlDbType.Uuid, ct);
                    await messages.WriteAsync(Campaign, NpgsqlDbType.Uuid, ct);
                    foreach (var text in (string[])["live", "bulk", "try-out"]) await messages.WriteAsync(text, NpgsqlDbType.Text, ct);
                    await messages.WriteAsync(1, NpgsqlDbType.Integer, ct);
                    await messages.WriteAsync("en", NpgsqlDbType.Text, ct);
                    await messages.WriteAsync<string[]>(["sms"], NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
                    await messages.WriteAsync(vault.BlindIndex("messaging.contact", to), NpgsqlDbType.Bytea, ct);
                    await messages.WriteAsync("created", NpgsqlDbType.Text, ct);
                    await messages.WriteAsync((short)0, NpgsqlDbType.Smallint, ct);
                    await messages.WriteAsync((short)1, NpgsqlDbType.Smallint, ct);
                    await messages.WriteAsync(false, NpgsqlDbType.Boolean, ct);
                    await messages.WriteAsync(vault.Seal(key, content, $"messaging.message/{ids[i]:N}"), NpgsqlDbType.Bytea, ct);
                    await messages.WriteAsync(now.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
                    await messages.WriteAsync(now.UtcDateTime.AddDays(3), NpgsqlDbType.TimestampTz, ct);
                }

                await messages.CompleteAsync(ct);
            }

            await using var queue = await connection.BeginBinaryImportAsync("copy messaging.queue (id, lane, channel, service, due_at, expires_at) from stdin (format binary)", ct);
            foreach (var id in ids)
            {
                await queue.StartRowAsync(ct);
                await queue.WriteAsync(id, NpgsqlDbType.Uuid, ct);
                await queue.WriteAsync((short)2, NpgsqlDbType.Smallint, ct);
                await queue.WriteAsync("sms", NpgsqlDbType.Text, ct);
                await queue.WriteAsync(Campaign, NpgsqlDbType.Uuid, ct);
                await queue.WriteAsync(now.UtcDateTime, NpgsqlDbType.TimestampTz, ct);
                await queue.WriteAsync(now.UtcDateTime.AddDays(3), NpgsqlDbType.TimestampTz, ct);
            }

            await queue.CompleteAsync(ct);
        }

        await database.Execute("analyze messaging.message; analyze messaging.queue", ct: ct);
    }
}
