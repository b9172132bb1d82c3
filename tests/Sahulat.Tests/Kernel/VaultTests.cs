using System.Security.Cryptography;
using System.Text;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Kernel;

public sealed class VaultTests(Cluster cluster)
{
    private const string Context = "cases.case/1/form";
    private static readonly byte[] Plain = "Zooni, Habba Kadal; ज़ूनी; زونی"u8.ToArray();

    /// <summary>A database, its keyring, and as many nodes on them as asked for.</summary>
    private sealed class House(TestDatabase store, Database database, string file) : IAsyncDisposable
    {
        public Database Database => database;

        public string File => file;

        public static async Task<House> Make(Cluster cluster)
        {
            var store = await cluster.Clone();
            return new House(store, Database.Connect(store.App), Path.Combine(cluster.Folder, "vault", Guid.NewGuid().ToString("N"), "keys", "master.json"));
        }

        public Vault Node() => new(database, MasterKeys.Open(file, database), TimeProvider.System);

        public Task<SubjectKey> Key(Vault vault, Guid subject, string retention = "case") => database.Write(work => vault.Key(work, subject, retention));

        public async ValueTask DisposeAsync()
        {
            await database.DisposeAsync();
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_OnAnotherNode_GivesWhatWasSealed()
    {
        await using var house = await House.Make(cluster);
        var (one, two, subject) = (house.Node(), house.Node(), Guid.CreateVersion7());
        var sealedBytes = one.Seal(await house.Key(one, subject), Plain, Context);
        Assert.Equal(Plain, await two.Open(subject, "case", sealedBytes, Context, CancellationToken.None));
        Assert.Equal(Plain, two.Open(await house.Key(two, subject), sealedBytes, Context));
        Assert.Equal(Plain.Length + 29, sealedBytes.Length);
        Assert.Equal(-1, sealedBytes.AsSpan().IndexOf("Zooni"u8));
    }

    [Fact]
    public async Task Seal_SameTwice_DiffersAndOpens()
    {
        await using var house = await House.Make(cluster);
        var vault = house.Node();
        var key = await house.Key(vault, Guid.NewGuid());
        Assert.NotEqual(vault.Seal(key, Plain, Context), vault.Seal(key, Plain, Context));
        Assert.Empty(vault.Open(key, vault.Seal(key, [], Context), Context));
    }

    [Fact]
    public async Task Open_OtherContextKeyOrByte_Refused()
    {
        await using var house = await House.Make(cluster);
        var vault = house.Node();
        var (subject, other) = (Guid.NewGuid(), Guid.NewGuid());
        var key = await house.Key(vault, subject);
        var sealedBytes = vault.Seal(key, Plain, Context);
        Assert.ThrowsAny<CryptographicException>(() => vault.Open(key, sealedBytes, "cases.case/2/form"));
        foreach (var wrong in new[] { await house.Key(vault, other), await house.Key(vault, subject, "profile") })
            Assert.ThrowsAny<CryptographicException>(() => vault.Open(wrong, sealedBytes, Context));
        for (var i = 0; i < sealedBytes.Length; i++)
        {
            sealedBytes[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => vault.Open(key, sealedBytes, Context));
            sealedBytes[i] ^= 1;
        }

        for (var length = 0; length < sealedBytes.Length; length++) Assert.ThrowsAny<CryptographicException>(() => vault.Open(key, sealedBytes.AsSpan(0, length), Context));
    }

    [Fact]
    public async Task Keys_ManyNodesAtOnce_AgreeOnOneKeyEach()
    {
        await using var house = await House.Make(cluster);
        var subjects = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToArray();
        var nodes = Enumerable.Range(0, 6).Select(_ => house.Node()).ToArray();
        var found = await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => house.Database.Write(work => node.Keys(work, i % 2 == 0 ? subjects : [.. subjects.Reverse()], "case")))));
        foreach (var subject in subjects)
        {
            var sealedBytes = nodes[0].Seal(found[0][subject], Plain, Context);
            Assert.All(found, keys => Assert.Equal(Plain, nodes[0].Open(keys[subject], sealedBytes, Context)));
        }

        Assert.Equal(100, await house.Database.One<int>("select count(*) from vault.subject_key"));
    }

    [Fact]
    public async Task Key_TransactionRolledBack_IsNotRemembered()
    {
        await using var house = await House.Make(cluster);
        var (vault, subject) = (house.Node(), Guid.NewGuid());
        await Assert.ThrowsAsync<TimeoutException>(() => house.Database.Write(async work =>
        {
            await vault.Key(work, subject, "case");
            await vault.Key(work, subject, "case");
            throw new TimeoutException();
        }));
        var sealedBytes = vault.Seal(await house.Key(vault, subject), Plain, Context);
        Assert.Equal(Plain, await house.Node().Open(subject, "case", sealedBytes, Context, CancellationToken.None));
    }

    [Fact]
    public async Task Erase_DestroysAllKeysForGood()
    {
        await using var house = await House.Make(cluster);
        var (vault, other, subject, stays) = (house.Node(), house.Node(), Guid.NewGuid(), Guid.NewGuid());
        var sealedBytes = vault.Seal(await house.Key(vault, subject), Plain, Context);
        await house.Key(vault, subject, "profile");
        await house.Key(vault, stays);
        Assert.NotNull(await vault.Open(subject, "case", sealedBytes, Context, CancellationToken.None));

        await house.Database.Write(work => vault.Erase(work, subject));
        await house.Database.Write(work => vault.Erase(work, subject));

        Assert.Null(await vault.Open(subject, "case", sealedBytes, Context, CancellationToken.None));
        Assert.Null(await other.Open(subject, "case", sealedBytes, Context, CancellationToken.None));
        foreach (var node in new[] { vault, other })
            foreach (var retention in new[] { "case", "profile", "new" })
                Assert.Equal(subject, (await Assert.ThrowsAsync<SubjectErasedException>(() => house.Key(node, subject, retention))).Subject);
        await Assert.ThrowsAsync<SubjectErasedException>(() => house.Database.Write(work => vault.Keys(work, [stays, subject], "case")));
        Assert.Equal([stays], await house.Database.Query<Guid>("select subject from vault.subject_key"));
        var entry = Assert.Single(await house.Database.Stream($"subject/{subject:N}"));
        Assert.Equal(("vault.erased", 2), (entry.Kind, entry.As<SubjectErased>().Keys));
    }

    [Fact]
    public async Task Erase_OfSomebodyWithoutKeys_StandsInTheWayToo()
    {
        await using var house = await House.Make(cluster);
        var (vault, subject) = (house.Node(), Guid.NewGuid());
        await house.Database.Write(work => vault.Erase(work, subject));
        await Assert.ThrowsAsync<SubjectErasedException>(() => house.Key(vault, subject));
    }

    [Fact]
    public async Task Erase_WhileKeysAreMade_LeavesNone()
    {
        await using var house = await House.Make(cluster);
        var vault = house.Node();
        for (var round = 0; round < 20; round++)
        {
            var subject = Guid.NewGuid();
            var making = Enumerable.Range(0, 4).Select(i => Task.Run(async () => await Record.ExceptionAsync(() => house.Key(house.Node(), subject, $"class-{i}"))));
            var erasing = Task.Run(() => house.Database.Write(work => vault.Erase(work, subject)));
            var faults = await Task.WhenAll(making);
            await erasing;
            Assert.All(faults, f => Assert.True(f is null or SubjectErasedException, f?.ToString()));
            Assert.Equal(0, await house.Database.One<int>("select count(*) from vault.subject_key where subject = @subject", new { subject }));
        }
    }

    [Fact]
    public async Task SubjectKey_RowOfAnother_DoesNotUnwrap()
    {
        await using var house = await House.Make(cluster);
        var (vault, mine, yours) = (house.Node(), Guid.NewGuid(), Guid.NewGuid());
        await house.Key(vault, mine);
        await house.Key(vault, yours);
        await house.Database.Execute("update vault.subject_key set wrapped = (select wrapped from vault.subject_key where subject = @mine) where subject = @yours", new { mine, yours });
        await Assert.ThrowsAnyAsync<CryptographicException>(() => house.Key(house.Node(), yours));
    }

    [Fact]
    public async Task BlindIndex_IsStableAndApartByField()
    {
        await using var house = await House.Make(cluster);
        var (one, two) = (house.Node(), house.Node());
        Assert.Equal(one.BlindIndex("citizen/mobile", "9419000001"), two.BlindIndex("citizen/mobile", "9419000001"));
        byte[][] all = [one.BlindIndex("citizen/mobile", "9419000001"), one.BlindIndex("citizen/mobile", "9419000002"), one.BlindIndex("citizen/email", "9419000001"), one.BlindIndex("citizen/mobile9", "419000001")];
        Assert.Equal(4, all.Select(Convert.ToHexString).Distinct().Count());
        Assert.NotEqual(SHA256.HashData(Encoding.UTF8.GetBytes("9419000001")), all[0]);
    }

    [Fact]
    public async Task Keyring_MissingWhileTheVaultHoldsKeys_IsNotMadeAgain()
    {
        await using var house = await House.Make(cluster);
        await house.Key(house.Node(), Guid.NewGuid());
        File.Move(house.File, house.File + ".lost");
        var refused = Assert.Throws<SetupException>(house.Node);
        Assert.Contains(house.File, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(house.File));
    }

    [Fact]
    public async Task Keyring_MadeByManyAtOnce_IsOne()
    {
        await using var house = await House.Make(cluster);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(house.Node)));
        Assert.Single(nodes.Select(n => Convert.ToHexString(n.BlindIndex("f", "v"))).Distinct());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(house.File));
        Assert.Equal([house.File], Directory.GetFiles(Path.GetDirectoryName(house.File)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task Keyring_OpenToOthers_IsRefused(UnixFileMode mode)
    {
        await using var house = await House.Make(cluster);
        house.Node();
        File.SetUnixFileMode(house.File, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
        Assert.Contains("chmod 600", Assert.Throws<SetupException>(house.Node).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"current":"a","keys":{"b":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"lookup":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    [InlineData("""{"current":"a","keys":{"a":"AAAA"},"lookup":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    public async Task Keyring_Damaged_IsRefused(string content)
    {
        await using var house = await House.Make(cluster);
        house.Node();
        await File.WriteAllTextAsync(house.File, content);
        Assert.Contains("does not hold master keys", Assert.Throws<SetupException>(house.Node).Message, StringComparison.Ordinal);
    }
}
