using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sahulat.Kernel.Journal;

namespace Sahulat.Tests.Transparency;

/// <summary>The tree against a second, naive implementation: RFC 6962's own recursive definitions.</summary>
public sealed class MerkleTests
{
    private static readonly byte[][] Data = [.. Enumerable.Range(0, 70).Select(i => SHA256.HashData([(byte)i]))];

    private static byte[] Mth(ReadOnlySpan<byte[]> d)
    {
        if (d.Length == 0) return SHA256.HashData([]);
        if (d.Length == 1) return SHA256.HashData([0, .. d[0]]);
        var k = 1;
        while (k * 2 < d.Length) k *= 2;
        return SHA256.HashData([1, .. Mth(d[..k]), .. Mth(d[k..])]);
    }

    private static SubtreeHash At(byte[][] leaves) => (height, index) => ValueTask.FromResult(Mth(leaves.AsSpan((int)(index << height), 1 << height)));

    [Fact]
    public async Task Root_Edge_AndProofs_AgreeWithTheDefinitions_ForEverySize()
    {
        var edge = new MerkleEdge();
        for (var n = 0; n <= Data.Length; n++)
        {
            var d = Data[..n];
            var root = Mth(d);
            Assert.Equal(root, edge.Root());
            Assert.Equal(root, await Merkle.Root(n, At(d)));
            for (var i = 0; i < n; i++)
            {
                var path = await Merkle.Inclusion(i, n, At(d));
                Assert.True(Merkle.Includes(root, n, i, Merkle.Leaf(d[i]), path));
                Assert.False(Merkle.Includes(root, n, i, Merkle.Leaf(Data[(i + 1) % Data.Length]), path));
                if (n > 1) Assert.False(Merkle.Includes(root, n, (i + 1) % n, Merkle.Leaf(d[i]), path));
            }

            for (var m = 1; m <= n; m++)
            {
                var path = await Merkle.Consistency(m, n, At(d));
                Assert.True(Merkle.Extends(Mth(d[..m]), m, root, n, path), $"{m} of {n}");
                if (m < n) Assert.False(Merkle.Extends(Mth(Data[1..(m + 1)]), m, root, n, path), $"another beginning of {m} in {n}");
            }

            if (n < Data.Length) edge.Add(Merkle.Leaf(Data[n]));
        }
    }

    [Fact]
    public void Path_WithOneBitTurned_NeverProves() => Prop.ForAll(ArbMap.Default.ArbFor<(byte Leaf, byte Size, int Bit)>(), t =>
    {
        var size = 2 + (t.Size % 60);
        var leaf = t.Leaf % size;
        var path = Merkle.Inclusion(leaf, size, At(Data[..size])).AsTask().GetAwaiter().GetResult().Select(h => h.ToArray()).ToArray();
        var bit = (int)((uint)t.Bit % (path.Length * 256));
        path[bit / 256][bit % 256 / 8] ^= (byte)(1 << (bit % 8));
        return !Merkle.Includes(Mth(Data[..size]), size, leaf, Merkle.Leaf(Data[leaf]), path);
    }).QuickCheckThrowOnFailure();

    /// <summary>RFC 8032, section 7.1, test 2.</summary>
    [Fact]
    public void Ed25519_GivesTheStandardsVector()
    {
        var seed = Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        Assert.Equal("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", Convert.ToHexStringLower(Ed25519.PublicKey(seed)));
        Assert.Equal("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", Convert.ToHexStringLower(Ed25519.Sign(seed, [0x72])));
    }

    /// <summary>The signature, checked by the openssl program.</summary>
    [Fact]
    public async Task Checkpoint_IsGoodToOpenssl()
    {
        var seed = SHA256.HashData("seed"u8);
        var checkpoint = new Checkpoint("example.com/log", 15368405, Mth(Data));
        var note = checkpoint.Sign(seed);
        var key = new LogKey("example.com/log", Ed25519.PublicKey(seed));
        Assert.Equal(checkpoint.Body, Checkpoint.Open(note, LogKey.Parse(key.ToString())!)!.Body);
        Assert.Null(Checkpoint.Open(note.Replace("15368405", "15368406", StringComparison.Ordinal), key));

        var folder = Directory.CreateTempSubdirectory("sahulat-note-");
        string At(string name) => Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(At("body"), checkpoint.Body);
        await File.WriteAllBytesAsync(At("signature"), Convert.FromBase64String(note.Split(' ')[^1].Trim())[4..]);
        // SubjectPublicKeyInfo of Ed25519 (RFC 8410).
        await File.WriteAllBytesAsync(At("key"), [.. Convert.FromHexString("302a300506032b6570032100"), .. key.PublicKey]);
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", At("key"), "-rawin", "-in", At("body"), "-sigfile", At("signature")]) { RedirectStandardOutput = true })!;
        await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, openssl.ExitCode);
        folder.Delete(recursive: true);
    }
}
