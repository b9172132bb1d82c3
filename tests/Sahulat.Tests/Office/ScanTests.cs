using Sahulat.Contracts.Office;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Scan;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Office;

/// <summary>From a scan to a search hit, every page accounted for.</summary>
public sealed class ScanTests(Cluster cluster)
{
    [Fact]
    public async Task ScannedPages_AreRead_Blank_Found_AndAccountedFor()
    {
        await using var site = await Desks.Start(cluster);
        using var clerk = await site.Official(Offices.Clerk);
        var receipt = await clerk.Diarise(Offices.Clerk, "Letter", Offices.Pdf("Demarcation of khasra 4417", ""));
        var file = await clerk.OpenFile(Offices.Clerk, "TJ/Scan/1", receipt);
        await site.Database.Execute("update office.page set lease = null where state = 'waiting'");
        await Eventually.True(async () => !await site.Database.One<bool>("select exists (select from office.page where state = 'waiting')"), "all pages are read", 120);
        Assert.Equal(["read", "blank"], await site.Database.Query<string>("select state from office.page where paper is not null order by page"));
        var paper = await site.Database.One<Guid>("select paper from office.page where paper is not null limit 1");
        var accounted = (await site.Database.Stream($"paper/{paper:N}")).Single().As<PagesAccounted>();
        Assert.Equal((1, 1, 0), (accounted.Read, accounted.Blank, accounted.Unreadable));
        var hits = await clerk.Page("/en/desk/office/search?q=demarcation+4417");
        Assert.Contains("TJ/Scan/1", hits, StringComparison.Ordinal);
        Assert.Contains("<mark>Demarcation</mark>", hits, StringComparison.Ordinal);
        Assert.Contains("<mark>Demarcation</mark>", await clerk.Page($"/en/desk/office/files/{file:N}?page=1&q=demarcation"), StringComparison.Ordinal);
        // The word is marked on the page's picture, where it stands.
        var shown = await clerk.Page($"/en/desk/office/files/{file:N}?page=1&q=demarcation");
        var mark = System.Text.RegularExpressions.Regex.Match(shown, "<rect x=\"(\\d+)\" y=\"(\\d+)\" width=\"(\\d+)\" height=\"(\\d+)\"").Groups.Values.Skip(1).Select(g => int.Parse(g.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(4, mark.Length);
        Assert.InRange(mark[0], 500, 2000);
        Assert.InRange(mark[2], 500, 3000);
        Assert.DoesNotContain("<rect", await clerk.Page($"/en/desk/office/files/{file:N}?page=1&q=boundary"), StringComparison.Ordinal);
        var picture = await clerk.GetAsync($"/en/desk/office/papers/{paper:N}/pages/1");
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await clerk.GetAsync($"/en/desk/office/papers/{paper:N}/pages/3")).StatusCode);
        Assert.DoesNotContain("Demarcation", string.Concat((await site.Database.Query<byte[]>("select text from office.page where text is not null")).Select(System.Text.Encoding.Latin1.GetString)), StringComparison.Ordinal);

        // The office above finds it; another tehsil's does not.
        using var other = await site.Official("tehsildar@tehsil-6805");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await other.GetAsync($"/en/desk/office/papers/{paper:N}/pages/1")).StatusCode);
        Assert.DoesNotContain("TJ/Scan/1", await other.Page("/en/desk/office/search?q=demarcation+4417"), StringComparison.Ordinal);
        using var deputy = await site.Official(Offices.Deputy);
        Assert.Contains("TJ/Scan/1", await deputy.Page("/en/desk/office/search?q=demarcation+4417"), StringComparison.Ordinal);
        Assert.False(PageReader.IsBlank("P5\n2 1\n255\n\0\0"u8));
    }
}
