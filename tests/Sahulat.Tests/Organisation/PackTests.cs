using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Organisation.Load;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Organisation;

public sealed class PackTests(Cluster cluster) : IDisposable
{
    private const string Names = "name_en,name_hi,name_ur,name_ks,name_doi";
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("sahulat-pack-").FullName;

    public void Dispose() => System.IO.Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task RealPack_LoadedAgain_ChangesNothing()
    {
        await using var site = await TestSite.Start(cluster);
        var revision = await site.Database.One<long>("select revision from organisation.revision");
        var loader = Loader(site);
        Assert.Empty(await loader.Read(Path.Combine(Cluster.RepositoryRoot, "data", "jk"), default));
        Assert.EndsWith(", 0 changed", await site.Database.Write(work => loader.Store(work, default)), StringComparison.Ordinal);
        Assert.Equal(revision, await site.Database.One<long>("select revision from organisation.revision"));
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.Equal((2, 20, 208), (organisation.OfKind("division").Count, organisation.OfKind("district").Count, organisation.OfKind("tehsil").Count));
        Assert.All(organisation.OfKind("tehsil"), t => Assert.NotNull(organisation.Post($"tehsildar@{t.Code}")));
        Assert.Equal("district-5", organisation.DistrictOfPin("180001")?.Code);
    }

    [Fact]
    public async Task Faults_AreToldAllAtOnce_WithLineAndColumn()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty);
        Write("places.csv", $"code,kind,parent,lgd_code,{Names},valid_from,valid_to", "ut-1,ut,,1,A,,,,,2019-10-31,", "d-1,distict,nowhere,1,B,,,,,31-10-2019,", "ut-1,ut,,1,,,,,,,", "t-1,tehsil,t-2,,C,,,,,,", "t-2,tehsil,t-1,,D,,,,,,");
        Write("pincodes.csv", "pincode,district,post_offices", "18000,ut-1,X");
        Write("departments.csv", $"code,{Names},source", "revenue,Revenue,,,,,x");
        Write("designations.csv", $"code,{Names},source", "tehsildar,Tehsildar,,,,,x", "tehsildar,Tehsildar,,,,,x");
        Write("offices.yaml", "- kind: o", "  per: tehsil", "  nmae: {}");
        var told = (await Loader(site).Read(folder, default)).Select(f => f.ToString()).ToArray();
        foreach (var expected in new[]
        {
            "places.csv:3:5: unknown kind distict",
            "places.csv:3:13: nowhere is not a place",
            "places.csv:3:29: is not a date like 2026-11-23",
            "places.csv:4:1: ut-1 is there twice",
            "places.csv:4:12: is empty",
            "places.csv:5:12: t-1 lies within itself",
            "pincodes.csv:2:1: must have six digits",
            "pincodes.csv:2:7: ut-1 is not a district",
            "designations.csv:3:1: tehsildar is there twice",
            "offices.yaml:3:3: unknown key nmae",
            "offices.yaml:1:3: department is missing",
            "offices.yaml:1:3: posts are missing",
        })
            Assert.Contains(expected, told);
    }

    [Fact]
    public async Task OfficeFaults_NameTheirPlaceInTheFile()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty);
        Small("- kind: o", "  department: revneue", "  at: [ut-9]", "  parent: none", "  name: { en: A, hi: A, ur: A, ks: A, doi: A }", "  posts: [ { designation: king, count: 0 } ]");
        var told = (await Loader(site).Read(folder, default)).Select(f => f.ToString()).ToArray();
        Assert.Equal(["offices.yaml:6:40: count must be from 1 to 200"], told);
        Small("- kind: o", "  department: revneue", "  at: [ut-9]", "  parent: none", "  name: { en: A, hi: A, ur: A, ks: A, doi: A }", "  posts: [ { designation: king } ]");
        told = [.. (await Loader(site).Read(folder, default)).Select(f => f.ToString())];
        Assert.Equal(["offices.yaml:2:15: unknown department revneue", "offices.yaml:6:27: unknown designation king", "offices.yaml:3:8: unknown place ut-9", "offices.yaml:4:11: there is no office of kind none"], told);
    }

    [Fact]
    public async Task WhatThePackDrops_Ends_AndIsStillFoundByItsCode()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Empty);
        string[] office = ["- kind: o", "  department: revenue", "  per: ut", "  name: { en: \"O {place}\", hi: A, ur: A, ks: A, doi: A }"];
        Small([.. office, "  posts: [ { designation: tehsildar, count: 2 } ]"]);
        await Load(site);
        var organisation = site.Services.GetRequiredService<IOrganisation>();
        Assert.Equal(["tehsildar@ut-1", "tehsildar@ut-1-2"], organisation.PostsAt("ut-1").Select(p => p.Code));
        Small([.. office, "  posts: [ { designation: tehsildar } ]"]);
        await Load(site);
        Assert.Equal(["tehsildar@ut-1"], organisation.PostsAt("ut-1").Select(p => p.Code));
        Assert.NotNull(organisation.Post("tehsildar@ut-1-2"));
        Assert.Equal(new DateOnly(2026, 11, 2), await site.Database.One<DateOnly>("select valid_to from organisation.post where code = 'tehsildar@ut-1-2'"));
    }

    private static OrganisationLoader Loader(TestSite site) => site.Services.GetServices<IPackLoader>().OfType<OrganisationLoader>().Single();

    private async Task Load(TestSite site)
    {
        var loader = Loader(site);
        Assert.Empty(await loader.Read(folder, default));
        await site.Database.Write(work => loader.Store(work, default));
        await loader.Refresh(default);
    }

    private void Small(params string[] offices)
    {
        Write("places.csv", $"code,kind,parent,lgd_code,{Names},valid_from,valid_to", "ut-1,ut,,1,A,,,,,2019-10-31,");
        Write("pincodes.csv", "pincode,district,post_offices");
        Write("departments.csv", $"code,{Names},source", "revenue,Revenue,,,,,x");
        Write("designations.csv", $"code,{Names},source", "tehsildar,Tehsildar,,,,,x");
        Write("offices.yaml", offices);
    }

    private void Write(string file, params string[] lines) => File.WriteAllLines(Path.Combine(folder, file), lines);
}
