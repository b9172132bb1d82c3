using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Flows;

/// <summary>All flows that were ever published, held in memory: a conversation goes on in the version in which it began.</summary>
internal sealed class FlowStore(Database database, IEnumerable<IDoings> doings, TextCatalogue texts, TimeProvider time) : IPackLoader, ITalk
{
    public const string CommonKey = "common", RegisteredKey = "dlt";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim reading = new(1);
    private List<(string Key, int Version, string Body, byte[] Digest)> read = [];
    private Book? book;
    private long readAt;

    public IReadOnlyDictionary<string, DoingKind> Doings { get; } = doings.SelectMany(d => d.All).ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);

    /// <summary>What conversations are held by, read again now and then: another node may have loaded a pack.</summary>
    public async ValueTask<Book> Book(CancellationToken ct)
    {
        if (book is { } held && time.GetElapsedTime(readAt) < Pause) return held;
        return await ReadAll(ct);
    }

    public async ValueTask<bool> Open(CancellationToken ct) => (await Book(ct)).Latest.Any();

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        var (faults, next) = (new List<PackFault>(), new List<(string Key, int Version, string Body, byte[] Digest)>());
        read = [];
        var place = Path.Combine(folder, "flows");
        if (!Directory.Exists(place)) return faults;
        var flows = new Dictionary<string, Flow>(StringComparer.Ordinal);
        var files = new Dictionary<string, FlowFile>(StringComparer.Ordinal);
        Common? common = null;
        var (registered, registry) = (Registered.None, new FlowFile($"flows/{RegisteredKey}.yaml", faults));
        foreach (var path in Directory.EnumerateFiles(place, "*.yaml").Order(StringComparer.Ordinal))
        {
            var name = "flows/" + Path.GetFileName(path);
            var yaml = await File.ReadAllTextAsync(path, ct);
            var file = new FlowFile(name, faults);
            if (Path.GetFileNameWithoutExtension(path) == CommonKey)
            {
                if ((common = file.ReadCommon(yaml)) is not null) next.Add((CommonKey, 0, yaml, SHA256.HashData(Encoding.UTF8.GetBytes(yaml))));
                continue;
            }

            if (Path.GetFileNameWithoutExtension(path) == RegisteredKey)
            {
                if (registry.ReadRegistered(yaml) is { } known) registered = known;
                next.Add((RegisteredKey, 0, yaml, SHA256.HashData(Encoding.UTF8.GetBytes(yaml))));
                continue;
            }

            if (file.Read(yaml) is not { } flow) continue;
            if (flow.Key != Path.GetFileNameWithoutExtension(path)) file.Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"flow: '{flow.Key}' stands in a file of another name");
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes(yaml));
            if (await database.One<byte[]>("select digest from messaging.flow where key = @Key and version = @Version", new { flow.Key, flow.Version }, ct) is { } published && !published.AsSpan().SequenceEqual(digest))
                file.Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"version {flow.Version} of {flow.Key} was published otherwise: conversations may be in it; give the new one the next version");
            (flows[flow.Key], files[flow.Key]) = (flow, file);
            next.Add((flow.Key, flow.Version, yaml, digest));
        }

        var words = common ?? Common.Empty;
        foreach (var (key, flow) in flows) FlowChecks.Check(files[key], flow, flows, words, Doings);
        if (common is null && faults.Count == 0) faults.Add(new PackFault("flows/common.yaml", 1, 1, "not found; flows need the words of the commands"));
        if (common is not null)
            foreach (var missing in new[] { common.Menu, common.Status, common.Lang }.Where(f => !flows.ContainsKey(f)))
                if (faults.Count == 0) faults.Add(new PackFault("flows/common.yaml", 1, 1, $"there is no flow '{missing}'"));
        foreach (var twice in flows.Values.SelectMany(f => f.Begins.Select(w => (Word: w, f.Key))).GroupBy(w => w.Word).Where(g => g.Count() > 1))
            files[twice.Last().Key].Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"begins: '{twice.Key}' begins {string.Join(" and ", twice.Select(t => t.Key))}");
        foreach (var spoken in registered.Flows)
            if (flows.TryGetValue(spoken, out var flow)) FlowChecks.Unregistered(files[spoken], flow, registered);
            else registry.Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"flows: there is no flow '{spoken}'");
        if (registered.Flows.Count > 0)
            foreach (var (lang, key) in registered.Langs.SelectMany(l => Engine.Own.Select(k => (l, k))))
                if (texts.Find(lang, key) is { } text && Saying.Registered(new Reply(text, [], "", false), registered).Any(p => p.Template is null)) registry.Fault((YamlDotNet.RepresentationModel.YamlNode?)null, $"{key}.{lang.Code}: no SMS text is registered for it: {Saying.Sms(text)}");
        read = next;
        return faults;
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        foreach (var (key, version, body, digest) in read)
            await work.Execute("insert into messaging.flow (key, version, body, digest) values (@key, @version, @body, @digest) on conflict (key, version) do update set body = excluded.body, digest = excluded.digest where flow.version = 0", new { key, version, body, digest });
        if (read.Count > 0 && read.All(r => r.Key != RegisteredKey)) await work.Execute("delete from messaging.flow where key = @RegisteredKey", new { RegisteredKey });
        return $"flows: {read.Count(r => r.Version > 0)}";
    }

    public async Task Refresh(CancellationToken ct) => await ReadAll(ct);

    private async Task<Book> ReadAll(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            var rows = await database.Query<(string Key, int Version, string Body)>("select key, version, body from messaging.flow order by key, version", ct: ct);
            if (book is { } held && held.Rows.SequenceEqual(rows)) return Keep(held);
            // What is stored was checked when it was loaded.
            var flows = rows.Where(r => r.Version > 0).Select(r => new FlowFile(r.Key, []).Read(r.Body)).OfType<Flow>().ToArray();
            var common = rows.Where(r => r.Key == CommonKey).Select(r => new FlowFile(r.Key, []).ReadCommon(r.Body)).FirstOrDefault();
            var registered = rows.Where(r => r.Key == RegisteredKey).Select(r => new FlowFile(r.Key, []).ReadRegistered(r.Body)).FirstOrDefault();
            return Keep(new Book(flows, common ?? Common.Empty) { Rows = rows, Registered = registered ?? Registered.None });
        }
        finally
        {
            reading.Release();
        }
    }

    private Book Keep(Book now)
    {
        readAt = time.GetTimestamp();
        return book = now;
    }
}

/// <summary>Every version of every flow, and what all conversations understand.</summary>
internal sealed class Book(IReadOnlyList<Flow> flows, Common common)
{
    private readonly FrozenDictionary<(string, int), Flow> all = flows.ToFrozenDictionary(f => (f.Key, f.Version));
    private readonly FrozenDictionary<string, Flow> latest = flows.GroupBy(f => f.Key).ToFrozenDictionary(g => g.Key, g => g.MaxBy(f => f.Version)!, StringComparer.Ordinal);

    public Common Common { get; } = common;

    public Registered Registered { get; init; } = Registered.None;

    public IReadOnlyList<(string Key, int Version, string Body)> Rows { get; init; } = [];

    public IEnumerable<Flow> Latest => latest.Values;

    public Flow? Find(string key) => latest.GetValueOrDefault(key);

    public Flow? Find(string key, int version) => all.GetValueOrDefault((key, version));

    /// <summary>The flow that a cleaned text begins.</summary>
    public Flow? Begun(string cleaned) => cleaned.Length == 0 ? null : latest.Values.FirstOrDefault(f => f.Begins.Contains(cleaned));
}
