using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sahulat.Contracts.Transparency;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Transparency;

public sealed class LogTests(Cluster cluster)
{
    private sealed record Noted(int Number) : IJournalBody
    {
        public static string Kind => "test.noted";
    }

    /// <summary>Nothing is written but by the test: the night watch would add its daily proof.</summary>
    private static readonly Dictionary<string, string?> Still = new() { ["Sahulat:Sweep"] = "off" };

    private static async Task Fill(TestSite site, int entries)
    {
        for (var i = 0; i < entries; i += 500)
            await site.Database.Write(work => work.Append([.. Enumerable.Range(i, Math.Min(500, entries - i)).Select(n => Append.To($"test/{n % 97}", null, new Noted(n), Actor.Sahulat("test"), site.Clock.GetUtcNow()))]));
        await site.CatchUp();
    }

    /// <summary>A monitor that knows only the published bytes: it rebuilds the tree from the entry bundles and compares tiles and checkpoint.</summary>
    [Fact, Trait("Category", "Long")]
    public async Task Tiles_RebuiltByAStranger_GiveTheSignedRoot_AsTheLogGrows()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty, settings: Still);
        using var stranger = site.Client();
        var key = LogKey.Parse(await site.Get(stranger, "key"))!;
        (long Size, byte[] Root) before = (0, Merkle.Empty);
        foreach (var more in new[] { 1, 254, 1, 300, 66_000 })
        {
            await Fill(site, more);
            var checkpoint = Checkpoint.Open(await stranger.GetStringAsync("/transparency/checkpoint"), key)!;
            Assert.Equal(before.Size + more, checkpoint.Size);
            var (edge, levelZero) = (new MerkleEdge(), new List<byte[]>());
            byte[]? beginning = before.Size == 0 ? Merkle.Empty : null;
            for (var n = 0L; n * 256 < checkpoint.Size; n++)
            {
                var width = (int)Math.Min(256, checkpoint.Size - (n * 256));
                var path = $"{(n >= 1000 ? $"x{n / 1000:D3}/" : "")}{n % 1000:D3}{(width < 256 ? $".p/{width}" : "")}";
                var bundle = await stranger.GetByteArrayAsync($"/transparency/tile/entries/{path}");
                using var hashes = new MemoryStream();
                for (var at = 0; at < bundle.Length;)
                {
                    var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
                    var leaf = Merkle.Leaf(bundle.AsSpan(at + 2, length));
                    hashes.Write(leaf);
                    edge.Add(leaf);
                    if (edge.Size == before.Size) beginning = edge.Root();
                    at += 2 + length;
                }

                Assert.Equal(await stranger.GetByteArrayAsync($"/transparency/tile/0/{path}"), hashes.ToArray());
            }

            Assert.Equal(checkpoint.Root, edge.Root());
            Assert.Equal(before.Root, beginning);
            before = (checkpoint.Size, checkpoint.Root);
        }

        // 66,556 leaves: 259 full tiles below, so level 1 has one full tile and a second begun, and level 2 one hash.
        Assert.Equal(256 * 32, (await stranger.GetByteArrayAsync("/transparency/tile/1/000")).Length);
        Assert.Equal(3 * 32, (await stranger.GetByteArrayAsync("/transparency/tile/1/001.p/3")).Length);
        Assert.Equal(32, (await stranger.GetByteArrayAsync("/transparency/tile/2/000.p/1")).Length);
        foreach (var wrong in new[] { "tile/1/001", "tile/0/260", "tile/0/000.p/0", "tile/0/000.p/257", "tile/0/0", "tile/9/000", "tile/x/000", "tile/0/../000", "tile/entries/x999/x999/x999/x999/x999/999" })
            Assert.True((await stranger.GetAsync($"/transparency/{wrong}")).StatusCode == HttpStatusCode.NotFound, wrong);
    }

    [Fact]
    public async Task Receipt_OfAnAcknowledgement_IsGoodOffline_AndAForgedOneIsNot()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome();
        await Fill(site, 700);
        var id = await site.Database.One<Guid>("""select id from cases."case" where reference = @reference""", new { reference });
        var receipt = await site.Services.GetRequiredService<IReceipts>().Prove($"case/{id:N}", 1, default);
        var key = LogKey.Parse(receipt!.Key)!;
        Assert.Null(ReceiptCheck.Fault(receipt, key));
        Assert.Contains(reference, receipt.Body, StringComparison.Ordinal);

        Assert.NotNull(ReceiptCheck.Fault(receipt with { Body = receipt.Body.Replace("2026-", "2027-", StringComparison.Ordinal) }, key));
        Assert.NotNull(ReceiptCheck.Fault(receipt with { At = receipt.At + 1 }, key));
        Assert.NotNull(ReceiptCheck.Fault(receipt with { Proof = receipt.Proof.Replace("index 0", "index 1", StringComparison.Ordinal).Replace("index 2", "index 3", StringComparison.Ordinal) + "x" }, new LogKey(key.Name, Ed25519.PublicKey(new byte[32]))));
        var other = await site.Services.GetRequiredService<IReceipts>().Prove("test/5", 1, default);
        Assert.NotNull(ReceiptCheck.Fault(receipt with { Proof = other!.Proof }, key));

        var file = Path.Combine(cluster.Folder, $"{id:N}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(receipt, JournalJson.Options));
        var (code, said, _) = await Node.Node.Run("verify", "--receipt", file, "--key", receipt.Key);
        Assert.True(code == 0, said);
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(receipt with { Actor = "system:other" }, JournalJson.Options));
        Assert.Equal(5, (await Node.Node.Run("verify", "--receipt", file, "--key", receipt.Key)).Code);
    }

    [Fact]
    public async Task Proof_IsSavedByTheApplicant_AndByNobodyElse()
    {
        await using var site = await TestSite.Start(cluster);
        using var system = await site.System();
        var reference = await system.FileIncome("9419011111");
        using var citizen = await site.Citizen("9419011111");
        await site.CatchUp();
        var receipt = JsonSerializer.Deserialize<InclusionReceipt>(await citizen.GetStringAsync($"/ur/requests/{reference}/proof"), JournalJson.Options)!;
        Assert.Null(ReceiptCheck.Fault(receipt, LogKey.Parse(await site.Get(citizen, "key"))!));
        Assert.Equal(HttpStatusCode.OK, (await system.GetAsync($"/api/v1/cases/{reference}/proof")).StatusCode);
        // The code on paper, read by a reader of others, is the same receipt, and checks without any server.
        var (png, code) = (Path.Combine(cluster.Folder, $"{reference}.png"), Path.Combine(cluster.Folder, $"{reference}.txt"));
        await File.WriteAllBytesAsync(png, await citizen.GetByteArrayAsync($"/ur/requests/{reference}/proof.png"));
        var read = (await Cases.Approved.Read("zbarimg", "--quiet", "--raw", png)).Trim('\n');
        Assert.Equal(receipt, ReceiptCode.Read(read));
        await File.WriteAllTextAsync(code, read + "\n");
        Assert.Equal(0, (await Node.Node.Run("verify", "--receipt", code, "--key", receipt.Key)).Code);
        await File.WriteAllTextAsync(code, read[..^3] + (read[^3] == 'A' ? "B" : "A") + read[^2..]);
        Assert.NotEqual(0, (await Node.Node.Run("verify", "--receipt", code, "--key", receipt.Key)).Code);
        Assert.Null(ReceiptCode.Read(ReceiptCode.Prefix + "::::"));
        using var neighbour = await site.Citizen("9419022222");
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync($"/ur/requests/{reference}/proof")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await neighbour.GetAsync($"/ur/requests/{reference}/proof.png")).StatusCode);
        using var other = await site.System();
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/v1/cases/{reference}/proof")).StatusCode);
    }

    public static TheoryData<string, string> Tampering => new()
    {
        { "one letter of a body", "update journal.entry set body = jsonb_set(body, '{number}', '4243') where stream = 'test/7' and version = 3" },
        { "one digest", "update journal.entry set digest = set_byte(digest, 5, (get_byte(digest, 5) + 1) % 256) where stream = 'test/7' and version = 3" },
        { "the actor", "update journal.entry set actor = 'post:tehsildar' where stream = 'test/7' and version = 3" },
        { "the time by a microsecond", "update journal.entry set at = at + interval '1 microsecond' where stream = 'test/7' and version = 3" },
        { "an entry in the middle", "delete from journal.entry where stream = 'test/7' and version = 3" },
        { "the last entry", "delete from journal.entry where stream = 'test/7' and version = (select max(version) from journal.entry where stream = 'test/7')" },
        { "the last entry, its head as well", "delete from journal.entry where stream = 'test/7' and version = (select max(version) from journal.entry where stream = 'test/7'); update journal.stream s set version = e.version, digest = e.digest from (select version, digest from journal.entry where stream = 'test/7' order by version desc limit 1) e where s.stream = 'test/7'" },
        { "a checkpoint", "update transparency.checkpoint set root = set_byte(root, 0, (get_byte(root, 0) + 1) % 256) where size = (select max(size) from transparency.checkpoint)" },
    };

    /// <summary>As superuser, with the triggers off: still found, from the database and from an export.</summary>
    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Verify_FindsWhatASuperuserChanged(string what, string sql)
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty, settings: Still);
        await Fill(site, 1000);
        var audit = site.Services.GetRequiredService<IJournalAudit>();
        var whole = await audit.Run(new Progress<double>(), default);
        Assert.Null(whole.Fault);
        Assert.Equal((1000, 97, 1000), (whole.Entries, whole.Streams, whole.Leaves));

        await using (var superuser = new NpgsqlConnection(site.Store.Owner + ";Pooling=false"))
        {
            await superuser.OpenAsync(TestContext.Current.CancellationToken);
            await using var change = new NpgsqlCommand("set session_replication_role = replica; " + sql, superuser);
            Assert.True(await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) > 0, what);
        }

        var found = (await audit.Run(new Progress<double>(), default)).Fault;
        Assert.NotNull(found);
        if (sql.Contains("version = 3", StringComparison.Ordinal)) Assert.Equal("test/7", found.Stream);
        using var export = new MemoryStream();
        await audit.Export(export, new Progress<double>(), default);
        export.Position = 0;
        var key = await site.Get(site.Client(), "key");
        Assert.NotNull((await audit.Run(export, key, default)).Fault);
    }

    [Fact]
    public async Task Export_ChecksAnywhere()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty, settings: Still);
        await Fill(site, 3000);
        var audit = site.Services.GetRequiredService<IJournalAudit>();
        using var export = new MemoryStream();
        Assert.Equal(3000, await audit.Export(export, new Progress<double>(), default));
        var key = await site.Get(site.Client(), "key");
        export.Position = 0;
        Assert.Null((await audit.Run(export, key, default)).Fault);
        export.Position = 0;
        Assert.NotNull((await audit.Run(export, new LogKey("sahulat.localhost/journal", Ed25519.PublicKey(new byte[32])).ToString(), default)).Fault);
    }
}

internal static class LogReading
{
    public static async Task<string> Get(this TestSite site, HttpClient client, string name) => (await client.GetStringAsync($"/transparency/{name}")).Trim();
}
