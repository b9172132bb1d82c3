using System.Net;
using System.Net.Sockets;

namespace Sahulat.Tests.Node;

/// <summary>What a person at a terminal sees.</summary>
[Trait("Category", "Long")]
public sealed class VerbTests
{
    [Fact]
    public async Task Serve_TwoStartsAndCtrlC_KeepsData_AndTellsWhatIsInTheWay()
    {
        using var folder = new DataFolder();
        await using var node = new Node(folder.Path);
        await node.Start("--pack", Node.Pack);
        using var client = new HttpClient { BaseAddress = node.Address };
        Assert.Contains("Sahulat", await client.GetStringAsync("/en"), StringComparison.Ordinal);

        var (code, _, error) = await Node.Run("serve", "--data", folder.Path + "-other", "--urls", node.Address.ToString());
        Assert.Equal(3, code);
        Assert.StartsWith($"Port {node.Port} is already in use", error, StringComparison.Ordinal);
        (code, _, error) = await Node.Run("serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.StartsWith($"The data folder {folder.Path} is in use", error, StringComparison.Ordinal);

        var (issued, key, _) = await Node.Run("keys", "issue", "service-centres", "--data", folder.Path);
        Assert.Equal(0, issued);
        Assert.StartsWith("sk_", key, StringComparison.Ordinal);
        Assert.Equal(3, (await Node.Run("keys", "issue", "service-centres", "--data", folder.Path)).Code);
        Assert.Equal(3, (await Node.Run("keys", "issue", "Service Centres!", "--data", folder.Path)).Code);
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/cases/JK26-0000-0000-0")).StatusCode);
        Assert.Equal(0, (await Node.Run("keys", "revoke", "service-centres", "--data", folder.Path)).Code);
        Assert.Equal(3, (await Node.Run("keys", "revoke", "service-centres", "--data", folder.Path)).Code);

        Assert.Equal(0, await node.Interrupt());
        await node.Start("--pack", Node.Pack);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/cases/JK26-0000-0000-0")).StatusCode);
        Assert.Equal(0, await node.Interrupt());
    }

    [Fact]
    public async Task HaryanaAlone_Serves_AndItsLawsTravelAsOneSignedFile()
    {
        using var folder = new DataFolder();
        var haryana = Path.Combine(Path.GetDirectoryName(Node.Pack)!, "hr");
        var file = folder.Path + ".sahulat-pack";
        await using (var node = new Node(folder.Path))
        {
            await node.Start("--pack", haryana);
            using var client = new HttpClient { BaseAddress = node.Address };
            var home = await client.GetStringAsync("/en");
            Assert.Contains("Government of Haryana", home, StringComparison.Ordinal);
            Assert.DoesNotContain("Jammu", home, StringComparison.Ordinal);
            // Its pack has no flows: nobody is led to a conversation that cannot be held.
            Assert.DoesNotContain("/en/talk", home, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/en/talk")).StatusCode);
            Assert.Contains("Certified copies at village level", await client.GetStringAsync("/en/services?q=jamabandi"), StringComparison.Ordinal);

            Assert.Equal(0, (await Node.Run("pack", "export", haryana, "--out", file, "--data", folder.Path)).Code);
            var (unknown, _, error) = await Node.Run("pack", "export", "nonsense", "--out", file + "2", "--data", folder.Path);
            Assert.Equal((4, "No law or service in force has the code nonsense", false), (unknown, error, File.Exists(file + "2")));
            Assert.Equal(0, await node.Interrupt());
        }

        // Jammu's administrators get it: who signed, whether that key is trusted, what would differ.
        using var jammu = new DataFolder();
        Assert.Equal(0, (await Node.Run("load", Node.Pack, "--data", jammu.Path)).Code);
        var (shown, told, _) = await Node.Run("pack", "show", file, "--data", jammu.Path);
        Assert.Equal(0, shown);
        Assert.Contains("Fingerprint of the key: ", told, StringComparison.Ordinal);
        Assert.Contains("services/hr-village-copies-under-5@2015-05-04.yaml", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Trusted as", told, StringComparison.Ordinal);
        var (received, at, _) = await Node.Run("pack", "import", file, "--data", jammu.Path);
        Assert.Equal(0, received);
        Assert.Contains("/desk/packs/", at, StringComparison.Ordinal);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        Assert.Equal(4, (await Node.Run("pack", "import", file, "--data", jammu.Path)).Code);
        File.Delete(file);
    }

    [Fact]
    public async Task Serve_BrokenDataFolder_GetsOneSentence()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "pg"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "pg", "notes.txt"), "mine");
        var (code, _, error) = await Node.Run("serve", "--data", folder.Path, "--urls", "http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Contains("holds no PostgreSQL cluster", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'));
        Assert.True(File.Exists(Path.Combine(folder.Path, "pg", "notes.txt")));

        (code, _, error) = await Node.Run("serve", "--data", "/proc/no-such-folder", "--urls", "http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Single(error.Split('\n'));
        (code, _, error) = await Node.Run("serve", "--database", "Host=127.0.0.1;Port=1;Username=x;Database=x", "--data", folder.Path, "--urls", "http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Single(error.Split('\n'));
    }

    [Fact]
    public async Task Help_NamesEveryVerb_AndUnknownOnesAreRefused()
    {
        var (code, help, _) = await Node.Run("--help");
        Assert.Equal(0, code);
        foreach (var verb in new[] { "serve", "migrate", "load", "demo", "bench", "keys" }) Assert.Contains(verb, help, StringComparison.Ordinal);
        Assert.Equal(2, (await Node.Run("frobnicate")).Code);
        Assert.Equal(2, (await Node.Run("load")).Code);
    }

    [Fact]
    public async Task Load_PackWithFaults_TellsEachWithItsLine_AndLoadsNothing()
    {
        using var folder = new DataFolder();
        using var copy = new DataFolder();
        foreach (var file in Directory.EnumerateFiles(Node.Pack, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy.Path, Path.GetRelativePath(Node.Pack, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        await File.AppendAllTextAsync(Path.Combine(copy.Path, "places.csv"), "tehsil-x,planet,nowhere,,,,,,,,\n");
        await File.AppendAllTextAsync(Path.Combine(copy.Path, "services", "income-certificate.yaml"), "colour: blue\n");
        var (code, _, error) = await Node.Run("load", copy.Path, "--data", folder.Path);
        Assert.Equal(4, code);
        Assert.Matches(@"places\.csv:\d+:\d+", error);
        Assert.Matches(@"income-certificate\.yaml:\d+:\d+", error);
        Assert.EndsWith("nothing was loaded.", error, StringComparison.Ordinal);
    }
}
