using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Office.Intake;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>Scans that are not taken in, and why.</summary>
public sealed class ScanRefusalTests(Cluster cluster)
{
    [Fact]
    public async Task BrokenHostileAndInfectedScans_AreNamed_AndFoldersAreTakenOnce()
    {
        using var clamd = await Clamd.Start();
        var folder = Directory.CreateTempSubdirectory("sahulat-scans-").FullName;
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?>(Scans.ByHand) { ["Sahulat:ClamAv"] = $"127.0.0.1:{clamd.Port}", ["Sahulat:ScanFolder"] = folder });
        using var clerk = await site.Official(Offices.Clerk);
        var plan = await Scans.Planned(clerk, "1 A | x | 1");
        async Task Refused(byte[] content, string said) => Assert.Contains(said, await (await Scans.Upload(clerk, plan, content)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Refused("not a scan"u8.ToArray(), "must be a PDF, TIFF, JPEG or PNG");
        await Refused(Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj << /Encrypt 2 0 R >> endobj\n%%EOF"), "locked with a password");
        await Refused(Offices.Pdf("cut")[..^20], "cut off");
        await Refused(Encoding.Latin1.GetBytes($"%PDF-1.4\n{Clamd.Harmful}\n%%EOF"), "something harmful");
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from office.intake"));
        Assert.Contains("Make the plan", await (await clerk.Form(Scans.Path, new() { ["name"] = "", ["pages"] = "-1" })).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Line 2", await (await Scans.Bundle(clerk, plan, "2 A | x | 1\nnonsense")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A scanner's folder: a broken file is refused by name, a sound one is taken once, what still grows is left.
        var place = Directory.CreateDirectory(Path.Combine(folder, $"{plan:N}")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(place, "broken.tif"), [.. "II*\0"u8, .. new byte[200]]);
        await File.WriteAllBytesAsync(Path.Combine(place, "sound.pdf"), Offices.Pdf("Old order"));
        var hostile = new Dictionary<string, (byte[] Content, string Fault, string Said)>
        {
            ["locked.pdf"] = (Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj << /Encrypt 2 0 R >> endobj\n%%EOF"), "file-encrypted", "it is locked with a password"),
            ["half.pdf"] = (Offices.Pdf("Half")[..^30], "file-cut-off", "it is cut off"),
            ["ill.pdf"] = (Encoding.Latin1.GetBytes($"%PDF-1.4\n{Clamd.Harmful}\n%%EOF"), "file-infected", "something harmful"),
            ["huge.tif"] = ([.. "II*\0"u8, .. new byte[51 * 1024 * 1024]], "file-too-large", "larger than 50 MB"),
        };
        foreach (var (name, (content, _, _)) in hostile) await File.WriteAllBytesAsync(Path.Combine(place, name), content);
        foreach (var file in Directory.GetFiles(place)) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddYears(50));
        await File.WriteAllBytesAsync(Path.Combine(place, "growing.pdf"), Offices.Pdf("Half"));
        var work = site.Services.GetServices<IHostedService>().OfType<IntakeWork>().Single();
        while (await work.TakeNext(default))
        {
        }

        Assert.Equal("growing.pdf", Path.GetFileName(Directory.GetFiles(place).Single()));
        await Scans.All(site);
        Assert.Equal(["done", "refused"], (await site.Database.Query<string>("select state from office.intake where blob is not null")).Order());
        Assert.Equal("unreadable", await site.Database.One<string>("select fault from office.intake where state = 'refused' and blob is not null"));
        // What was refused at the door is named on the plan's page and in the journal; its bytes lie in the folder only.
        var shown = await clerk.Page($"{Scans.Path}/{plan:N}");
        foreach (var (name, (_, _, said)) in hostile) Assert.True(shown.Contains(name, StringComparison.Ordinal) && shown.Contains(said, StringComparison.Ordinal), name);
        var refusals = (await site.Database.Stream($"scan/{plan:N}")).Where(e => e.Kind == ScanRefused.Kind).ToArray();
        Assert.Equal(hostile.Values.Select(h => h.Fault).Append("unreadable").Order(), refusals.Select(r => r.As<ScanRefused>().Why).Order());
        Assert.DoesNotContain("locked", string.Concat(refusals.Select(r => r.Body)), StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFiles(Path.Combine(place, "refused")).Length + Directory.GetFiles(Path.Combine(place, "taken"), "*broken.tif").Length);
        // Without a separator sheet its page belongs to no file, and says so.
        Assert.Equal("unplaced", await site.Database.One<string>("select outcome from office.intake_page"));
        Assert.Contains("it cannot be opened", await clerk.GetStringAsync($"{Scans.Path}/{plan:N}"), StringComparison.Ordinal);
        clamd.Dispose();
        // While the scanner does not answer, a file stays where it is.
        await File.WriteAllBytesAsync(Path.Combine(place, "later.pdf"), Offices.Pdf("later"));
        File.SetLastWriteTimeUtc(Path.Combine(place, "later.pdf"), DateTime.UnixEpoch.AddYears(50));
        Assert.False(await work.TakeNext(default));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Scans.Upload(clerk, plan, Offices.Pdf("later"))).StatusCode);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The same rule at every door at which papers come from outside.</summary>
    [Fact]
    public async Task InfectedPapers_AreRefusedAtEveryDoor_AndNoneComesInWhileTheScannerIsAway()
    {
        using var clamd = await Clamd.Start();
        await using var site = await Desks.Start(cluster, new Dictionary<string, string?>(Scans.ByHand) { ["Sahulat:ClamAv"] = $"127.0.0.1:{clamd.Port}" });
        using var clerk = await site.Official(Offices.Clerk);
        using var system = await site.System();
        var ill = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Offices.Pdf("letter")).Replace("%%EOF", $"% {Clamd.Harmful}\n%%EOF", StringComparison.Ordinal));
        using (var letter = await clerk.Letter(Offices.Clerk, ill)) await Said(letter, HttpStatusCode.UnprocessableEntity, "something harmful");
        using (var paper = await system.Send("9419012345", ill)) await Said(paper, HttpStatusCode.UnprocessableEntity, "file-infected");
        // A letter of several scans: the second is infected, so none of it is kept.
        using (var letter = await clerk.Letter(Offices.Clerk, Offices.Pdf("first"), ill)) await Said(letter, HttpStatusCode.UnprocessableEntity, "something harmful");
        var filings = site.Services.GetRequiredService<IFilings>();
        var draft = new RequestDraft(Guid.NewGuid(), Filed.Service, Filed.Place, "9419012345", Lang.En, []);
        Assert.Equal("file-infected", (await filings.AddPaper(draft, "identity_proof", "chat.pdf", ill, default)).Problem!.Faults.Single().Code);
        clamd.Dispose();
        using (var letter = await clerk.Letter(Offices.Clerk, Offices.Pdf("later"))) await Said(letter, HttpStatusCode.ServiceUnavailable, "Try again in a few minutes");
        using (var paper = await system.Send("9419012345", Filed.Pdf("later"))) await Said(paper, HttpStatusCode.ServiceUnavailable, "scanner-away");
        Assert.Equal(503, (await filings.AddPaper(draft, "identity_proof", "chat.pdf", Filed.Pdf("later"), default)).Problem!.Status);
        Assert.Equal((0, 0), await site.Database.One<(int, int)>("select (select count(*)::int from office.paper), (select count(*)::int from cases.document)"));
    }

    private static async Task Said(HttpResponseMessage answer, HttpStatusCode status, string what)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, body);
        Assert.Contains(what, body, StringComparison.Ordinal);
    }
}
