using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases.Certify;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Cases;

/// <summary>Printing when the world is unkind.</summary>
[Trait("Category", "Browser")]
public sealed class PressTests(Cluster cluster)
{
    [Fact]
    public async Task ChromiumDown_LosesNothing_AndThePageSaysSo()
    {
        using var folder = new Scratch("chromium");
        var program = folder["chromium"];
        await Script(program, "exit 1");
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: new Dictionary<string, string?> { ["Sahulat:Chromium"] = program });
        var reference = await site.Approve("9419077701", "ur");
        await site.CatchUp();
        await Eventually.True(async () => await site.Database.One<int>("select coalesce(max(tries), 0) from cases.certificate") >= 2, "it was tried");
        using var citizen = await site.Citizen("9419077701");
        Assert.Contains("تیار ہو رہا ہے", WebUtility.HtmlDecode(await citizen.GetStringAsync($"/ur/requests/{reference}")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await citizen.GetAsync($"/ur/requests/{reference}/certificate")).StatusCode);
        using var anyone = site.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync($"/ur/verify/{await site.Database.One<string>("select token from cases.certificate")}")).StatusCode);

        await Script(program, "exec /usr/bin/chromium \"$@\"");
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.Issued(reference);
        Assert.Equal("application/pdf", (await citizen.GetAsync($"/ur/requests/{reference}/certificate")).Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, await site.Database.One<long>("select count(*) from journal.entry where kind = 'case.certificate-issued'"));
    }

    [Fact]
    public async Task FollowedAgain_AndPrintedByTwo_IsIssuedOnce()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        await site.Issued(await site.Approve("9419077702", "en"));
        var before = await site.Database.One<string>("select number || token || digest from cases.certificate");
        await site.Database.Execute("update journal.cursor set xid = '0', position = 0 where follower = 'cases.certify'");
        await site.CatchUp();
        // As if a second node had taken it before the first was done.
        var press = site.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Press>().Single();
        await site.Database.Execute("update cases.certificate set state = 'waiting', due_at = queued_at");
        await Task.WhenAll(press.Once(default), press.Once(default));
        await Eventually.True(async () => await site.Database.One<string>("select state from cases.certificate") == "issued", "printed again");
        Assert.Equal(1, await site.Database.One<long>("select count(*) from cases.certificate"));
        Assert.Equal(before![..35], (await site.Database.One<string>("select number || token || digest from cases.certificate"))![..35]);
    }

    [Fact]
    public async Task HostileAnswers_ArePrintedAsLetters()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var name = "<b onclick='x'>Bad</b> & \"Co\" <script>document.title='ran'</script>";
        var endless = string.Concat(Enumerable.Repeat("Wxyz", 50));
        var reference = await site.Approve("9419077703", "ur", new() { ["full_name"] = name[..60], ["father_name"] = "<img src=http://127.0.0.1:9/x.png>", ["address"] = endless });
        var (number, _) = await site.Issued(reference);
        using var citizen = await site.Citizen("9419077703");
        using var folder = new Scratch("hostile");
        await File.WriteAllBytesAsync(folder["c.pdf"], await citizen.GetByteArrayAsync($"/ur/requests/{reference}/certificate"));
        var text = string.Concat((await Approved.Read("pdftotext", "-raw", folder["c.pdf"], "-")).Where(c => !char.IsWhiteSpace(c)));
        Assert.Contains("<bonclick='x'>Bad</b>&\"Co\"<script>", text, StringComparison.Ordinal);
        Assert.Contains("<imgsrc=http://127.0.0.1:9/x.png>", text, StringComparison.Ordinal);
        Assert.Contains(endless, text, StringComparison.Ordinal);
        Assert.Contains(Sahulat.Cases.Reference.Show(number), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u202Eb\u2066c\u200Fd", "abcd")]
    [InlineData("می\u200Cرم क्\u200Dष", "می\u200Cرم क्\u200Dष")]
    [InlineData(" one\r\ntwo\u0000\u0007 ", "one  two")]
    public void MarksOfDirection_AreTakenOut_JoinersStay(string written, string printed) => Assert.Equal(printed, CertificateText.Clean(written));

    [Fact]
    public void HalfACharacter_IsShownAsUnknown() => Assert.Equal("x\uFFFDy", CertificateText.Clean("x" + '\uD800' + "y"));

    [Fact]
    public void Groups_AreListed()
    {
        var text = new CertificateText([new("p", "/heirs/0/name", "", "A"), new("p", "/heirs/0/relation", "", "son"), new("p", "/heirs/1/name", "", "B"), new("p", "/deceased/name", "", "D")], "Jammu", "JK", Sahulat.Kernel.Language.Lang.En);
        Assert.Equal(("A, son; B", "D", ""), (text.Value("heirs"), text.Value("deceased"), text.Value("nothing")));
        Assert.Equal("&<b class=\"n\"><bdi>&Jammu</bdi></b>&.", text.Fill("{place}.", s => "&" + s));
    }

    private static async Task Script(string path, string line)
    {
        await File.WriteAllTextAsync(path + ".new", $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(path + ".new", path, overwrite: true);
    }
}
