using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Messaging.Templates;

/// <summary>All published templates, held in memory; a template of the program's own texts (<c>message.*</c>) where the pack has none. Read again when a message names one that is not known.</summary>
internal sealed partial class TemplateStore(Database database, TextCatalogue texts, TimeProvider time) : IPackLoader
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim reading = new(1);
    private List<(Template Template, byte[] Digest)> read = [];
    private Known? known;

    private sealed record Known(IReadOnlyDictionary<string, Template> Latest, IReadOnlyDictionary<(string, int), Template> All, long At);

    public async ValueTask<Template?> Find(string key, int? version, CancellationToken ct)
    {
        var held = known ?? await Read(ct);
        if (Pick(held, key, version) is { } found) return found;
        if (time.GetElapsedTime(held.At) > Pause && Pick(await Read(ct), key, version) is { } late) return late;
        return version is null ? OwnText(key) : null;
    }

    public async ValueTask<IReadOnlyCollection<Template>> Latest(CancellationToken ct) => [.. (known ?? await Read(ct)).Latest.Values];

    public async ValueTask<IReadOnlyCollection<Template>> All(CancellationToken ct) => [.. (known ?? await Read(ct)).All.Values];

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        var faults = new List<PackFault>();
        read = [];
        var messages = Path.Combine(folder, "messages");
        if (!System.IO.Directory.Exists(messages)) return faults;
        foreach (var path in System.IO.Directory.EnumerateFiles(messages, "*.yaml").Order(StringComparer.Ordinal))
        {
            var name = "messages/" + Path.GetFileName(path);
            if (new TemplateFile(name, faults).Read(await File.ReadAllTextAsync(path, ct)) is not { } template) continue;
            var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(template, Template.Json));
            if (read.Any(r => r.Template.Key == template.Key && r.Template.Version == template.Version)) faults.Add(new PackFault(name, 1, 1, $"version {template.Version} of {template.Key} is there twice"));
            else if (await database.One<byte[]>("select digest from messaging.template where key = @Key and version = @Version", template, ct) is { } published && !published.AsSpan().SequenceEqual(digest))
                faults.Add(new PackFault(name, 1, 1, $"version {template.Version} of {template.Key} was published with other words: give the new ones the next version"));
            else read.Add((template, digest));
        }

        return faults;
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        foreach (var (template, digest) in read)
            await work.Execute("insert into messaging.template (key, version, body, digest) values (@Key, @Version, @body::jsonb, @digest) on conflict do nothing", new { template.Key, template.Version, body = JsonSerializer.Serialize(template, Template.Json), digest });
        return $"messages: {read.Count} templates";
    }

    public async Task Refresh(CancellationToken ct) => await Read(ct);

    /// <summary>Notify's clients name a template by a UUID; it follows from key, channel and language.</summary>
    public static Guid NotifyId(string key, string channel, string lang) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}/{channel}/{lang}")).AsSpan(0, 16));

    private static Template? Pick(Known held, string key, int? version) =>
        version is { } v ? held.All.GetValueOrDefault((key, v)) : held.Latest.GetValueOrDefault(key);

    private async Task<Known> Read(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            await using var connection = await database.Open(ct);
            var rows = (await connection.QueryAsync<string>(new CommandDefinition("select body::text from messaging.template", cancellationToken: ct))).Select(b => JsonSerializer.Deserialize<Template>(b, Template.Json)!).ToArray();
            return known = new(rows.GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.MaxBy(t => t.Version)!), rows.ToDictionary(t => (t.Key, t.Version)), time.GetTimestamp());
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>A text <c>message.{key}</c> with the places {0}, {1}, … as variables v0, v1, …. It goes by email too where there is a text <c>message.{key}.subject</c>.</summary>
    private Template? OwnText(string key)
    {
        var name = "message." + key;
        if (texts.Find(Lang.En, name) is not { } english) return null;
        var subject = texts.Find(Lang.En, name + ".subject");
        var places = Place().Matches(english + subject).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToArray();
        Dictionary<string, string> Words(string of) => Lang.All.Where(l => texts.Find(l, of) is not null).ToDictionary(l => l.Code, l => Place().Replace(texts.Find(l, of)!, "{v$1}"));
        var channels = new Dictionary<string, Wordings> { ["sms"] = new(Words(name), null, null) };
        if (subject is not null) channels["email"] = new(Words(name), Words(name + ".subject"), null);
        var cls = key.Contains("code", StringComparison.Ordinal) ? "otp" : "service";
        return new Template(key, 0, cls, key, [.. places.Select(p => new Variable("v" + p, "text", 500))], channels, null);
    }

    [GeneratedRegex(@"\{(\d+)\}")]
    private static partial Regex Place();
}

/// <summary>The names of channels.</summary>
internal static class Channel
{
    public static readonly string[] All = ["sms", "whatsapp", "email", "telegram", "push", "ussd", "voice"];
}
