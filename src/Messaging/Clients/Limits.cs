using System.Collections.Concurrent;
using System.Globalization;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Clients;

/// <summary>Messages of a minute and a day, and abroad, per service: one counter row each, added to in the transaction that accepts. A node asks its memory, which each write brings up to date with what other nodes have counted.</summary>
internal sealed class Limits(Database database, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid Service, string Span), Counter> counters = new();

    private sealed class Counter
    {
        public long Stored, Pending;
    }

    /// <summary>Takes a place for one message, to be counted by <see cref="Count"/> or given back by <see cref="Back"/>.</summary>
    public async ValueTask<Problem?> Take(Client client, bool abroad, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (Forget(now)) counters.Clear();
        if (!await Take(client.Service, Minute(now), client.PerMinute, ct)) return MessageProblems.TooFast;
        if (!await Take(client.Service, Day(now), client.DayLimit, ct))
        {
            Back(client.Service, Minute(now));
            return MessageProblems.DayFull;
        }

        if (!abroad || await Take(client.Service, Abroad(now), client.AbroadPerDay, ct)) return null;
        Back(client, false);
        return MessageProblems.AbroadFull;
    }

    public void Back(Client client, bool abroad)
    {
        var now = time.GetUtcNow();
        Back(client.Service, Minute(now));
        Back(client.Service, Day(now));
        if (abroad) Back(client.Service, Abroad(now));
    }

    /// <summary>Last in the transaction, because the counter row is shared by all who write.</summary>
    public async Task Count(Work work, IReadOnlyCollection<NewMessage> messages)
    {
        var added = messages.Where(m => m.Service != Client.Own.Service).SelectMany(m => Spans(m).Select(s => (m.Service, Span: s))).GroupBy(k => k).Select(g => (g.Key.Service, g.Key.Span, N: (long)g.Count())).OrderBy(g => g.Service).ThenBy(g => g.Span, StringComparer.Ordinal).ToArray();
        if (added.Length == 0) return;
        var stored = await work.Query<(Guid Service, string Span, long N)>("""
            insert into messaging.usage as u (service, span, n) select * from unnest(@services, @spans, @counts)
            on conflict (service, span) do update set n = u.n + excluded.n returning service, span, n
            """, new { services = added.Select(a => a.Service).ToArray(), spans = added.Select(a => a.Span).ToArray(), counts = added.Select(a => a.N).ToArray() });
        foreach (var (service, span, n) in stored)
        {
            var counter = counters.GetOrAdd((service, span), _ => new());
            var counted = added.First(a => a.Service == service && a.Span == span).N;
            lock (counter) (counter.Stored, counter.Pending) = (Math.Max(counter.Stored, n), Math.Max(0, counter.Pending - counted));
        }
    }

    private static IEnumerable<string> Spans(NewMessage m)
    {
        yield return Minute(m.At);
        yield return Day(m.At);
        if (IsAbroad(m)) yield return Abroad(m.At);
    }

    public static bool IsAbroad(NewMessage m) => m.Steps[0].Channel == "sms" && !m.Simulated && Phone.IsAbroad(m.Steps[0].To);

    private async ValueTask<bool> Take(Guid service, string span, long limit, CancellationToken ct)
    {
        if (!counters.TryGetValue((service, span), out var counter))
        {
            var stored = await database.One<long>("select n from messaging.usage where service = @service and span = @span", new { service, span }, ct);
            counter = counters.GetOrAdd((service, span), _ => new() { Stored = stored });
        }

        lock (counter)
        {
            if (counter.Stored + counter.Pending >= limit) return false;
            counter.Pending++;
            return true;
        }
    }

    private void Back(Guid service, string span)
    {
        if (counters.TryGetValue((service, span), out var counter))
            lock (counter) counter.Pending = Math.Max(0, counter.Pending - 1);
    }

    private bool Forget(DateTimeOffset now) => counters.Count > 10_000 && counters.Keys.All(k => k.Span != Minute(now));

    private static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("'m'yyyyMMddHHmm", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => Ist.DateIn(at).ToString("'d'yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Abroad(DateTimeOffset at) => Ist.DateIn(at).ToString("'a'yyyyMMdd", CultureInfo.InvariantCulture);
}
