using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Kernel;

public sealed class VaultRotationTests(Cluster cluster)
{
    private const string Context = "cases.case/1/form";
    private static readonly byte[] Plain = "plain"u8.ToArray();

    private sealed class Steps : IProgress<double>
    {
        public List<double> Seen { get; } = [];

        public Action? On { get; set; }

        public void Report(double value)
        {
            Seen.Add(value);
            On?.Invoke();
        }
    }

    private string KeyFile() => Path.Combine(cluster.Folder, "rotation", Guid.NewGuid().ToString("N"), "master.json");

    private static Vault Node(Database database, string file) => new(database, MasterKeys.Open(file, database), TimeProvider.System);

    private static async Task<(Guid[] Subjects, Dictionary<Guid, byte[]> Sealed)> Fill(Database database, Vault vault, int count)
    {
        var subjects = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        var keys = await database.Write(work => vault.Keys(work, subjects, "case"));
        return (subjects, keys.ToDictionary(k => k.Key, k => vault.Seal(k.Value, Plain, Context)));
    }

    [Fact]
    public async Task Run_RewrapsEveryKey_AndNodesGoOn()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var file = KeyFile();
        var running = Node(database, file);
        var (subjects, sealedBytes) = await Fill(database, running, 1200);
        var index = running.BlindIndex("f", "v");
        var masters = MasterKeys.Open(file);
        var (before, steps) = (masters.CurrentId, new Steps());

        Assert.Equal(1200, await VaultRotation.Run(database, masters, steps, CancellationToken.None));

        Assert.NotEqual(before, masters.CurrentId);
        Assert.Equal([masters.CurrentId], masters.Ids);
        Assert.Equal([masters.CurrentId], await database.Query<string>("select distinct master from vault.subject_key"));
        Assert.True(steps.Seen.Count >= 3 && steps.Seen[^1] == 1 && steps.Seen.SequenceEqual(steps.Seen.Order()));
        foreach (var node in new[] { running, Node(database, file) })
        {
            Assert.Equal(index, node.BlindIndex("f", "v"));
            var keys = await node.Keys(subjects, "case");
            Assert.All(subjects, s => Assert.Equal(Plain, node.Open(keys[s], sealedBytes[s], Context)));
            await Fill(database, node, 1);
        }

        Assert.Equal(1200, Assert.Single(await database.Stream("vault/masters")).As<MastersRotated>().Keys);
    }

    [Fact]
    public async Task Run_Interrupted_KeepsBothMastersAndIsTakenUp()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var file = KeyFile();
        var (subjects, sealedBytes) = await Fill(database, Node(database, file), 1200);
        var masters = MasterKeys.Open(file);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VaultRotation.Run(database, masters, new Steps { On = stop.Cancel }, stop.Token));
        Assert.Equal(2, masters.Ids.Count);
        var current = masters.CurrentId;
        var half = await Node(database, file).Keys(subjects, "case");
        Assert.Equal(1200, half.Count);

        Assert.Equal(700, await VaultRotation.Run(database, MasterKeys.Open(file), new Steps(), CancellationToken.None));
        Assert.Equal([current], MasterKeys.Open(file).Ids);
        var vault = Node(database, file);
        var keys = await vault.Keys(subjects, "case");
        Assert.All(subjects, s => Assert.Equal(Plain, vault.Open(keys[s], sealedBytes[s], Context)));
    }

    [Fact]
    public async Task Run_WhileKeysAreMade_LosesNone()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var file = KeyFile();
        await Fill(database, Node(database, file), 200);
        using var stop = new CancellationTokenSource();
        var making = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var (vault, made) = (Node(database, file), new Dictionary<Guid, byte[]>());
            while (!stop.IsCancellationRequested)
                foreach (var (subject, bytes) in (await Fill(database, vault, 10)).Sealed) made[subject] = bytes;
            return made;
        })).ToArray();
        for (var i = 0; i < 5; i++) await VaultRotation.Run(database, MasterKeys.Open(file), new Steps(), CancellationToken.None);
        await stop.CancelAsync();
        var reader = Node(database, file);
        foreach (var made in await Task.WhenAll(making))
        {
            var keys = await reader.Keys(made.Keys, "case");
            Assert.All(made, m => Assert.Equal(Plain, reader.Open(keys[m.Key], m.Value, Context)));
        }
    }

    [Fact]
    public async Task Run_Twice_AtOnce_IsRefused()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var file = KeyFile();
        await Fill(database, Node(database, file), 10);
        Exception? second = null;
        var steps = new Steps { On = () => second ??= Record.ExceptionAsync(() => VaultRotation.Run(database, MasterKeys.Open(file), new Steps(), CancellationToken.None)).AsTask().GetAwaiter().GetResult() };
        await VaultRotation.Run(database, MasterKeys.Open(file), steps, CancellationToken.None);
        Assert.IsType<SetupException>(second);
    }
}
