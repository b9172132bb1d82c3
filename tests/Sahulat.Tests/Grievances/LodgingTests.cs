using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Guarantee.Prove;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Cases;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Grievances;

public sealed class LodgingTests(Cluster cluster)
{
    [Fact]
    public async Task Lodged_GoesToLowestOfficer_ClimbsByTheClock_ProofHolds()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var citizen = await site.Citizen("9419050001");
        Assert.Contains("/hi/complain/water-supply", await citizen.Page("/hi/complain?q=paani+nahi+aata"), StringComparison.Ordinal);
        var reference = await citizen.Lodge("ur", "water-supply", "tehsil-79", "نل میں دس دن سے پانی نہیں آیا۔", "32.7266, 74.8570");
        var filed = await site.Database.One<(string Type, string Post, DateOnly Due, string Law)>("""select type, post, due_on, law from cases."case" where reference = @reference""", new { reference });
        Assert.Equal(("grievance", Lodging.Engineer, new DateOnly(2026, 11, 30), "jk-samadhan"), filed);
        var shown = await citizen.Page($"/ur/requests/{reference}?new=1");
        Assert.Contains("نل میں دس دن سے پانی نہیں آیا۔", shown, StringComparison.Ordinal);
        Assert.Contains("28", shown, StringComparison.Ordinal);
        Assert.Contains(Reference.Show(reference), await citizen.Page("/en/requests"), StringComparison.Ordinal);
        foreach (var lang in Lang.All) Assert.Contains(Reference.Show(reference), await citizen.Page($"/{lang.Code}/requests/{reference}"), StringComparison.Ordinal);
        // Nothing of it is readable in the journal.
        Assert.DoesNotContain("پانی", await site.Database.One<string>("select string_agg(body::text, ' ') from journal.entry") ?? "", StringComparison.Ordinal);

        await site.Sweep();
        foreach (var (layer, post) in new[] { ("deputy-commissioner", "deputy-commissioner@district-5"), ("head-of-department", "chief-engineer-jal-shakti@division-jammu"), ("administrative-secretary", "administrative-secretary-jal-shakti@ut-1") })
        {
            site.Clock.Advance(TimeSpan.FromDays(30));
            await site.Sweep();
            await site.Sweep();
            var opened = await site.Database.Query<(string Layer, string Post)>("""select layer, post from cases."case" where type = 'appeal' order by filed_at desc, id desc""");
            Assert.Equal((layer, post), opened[0]);
        }

        site.Clock.Advance(TimeSpan.FromDays(60));
        await site.Sweep();
        Assert.Equal(3, await site.Database.One<int>("""select count(*)::int from cases."case" where type = 'appeal'"""));
        var proof = await site.Services.GetRequiredService<DailyProof>().Run(Sahulat.Kernel.Calendar.Ist.DateIn(site.Clock.GetUtcNow()), default);
        Assert.Equal((0, 0, 0, 0), (proof.Overdue, proof.Unappealed, proof.Unfounded, proof.Unjournaled));
    }

    [Fact]
    public async Task Interface_Files_RefusesAndFollows()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        var grievances = site.Services.GetRequiredService<IGrievances>();
        var told = new NewGrievance("corruption", "district-5", null, "9419050009", Lang.En, "Money was asked for a file.", null, null, null, Actor.Sahulat("conversation"), "talk-1");
        var filed = await grievances.File(told, default);
        Assert.Equal("director-anti-corruption-bureau@ut-1", filed.Value.Post);
        Assert.Equal(filed.Value.Reference, (await grievances.File(told, default)).Value.Reference);
        Assert.Equal("grievance-subject-refused", (await grievances.File(told with { Subject = "court-matter", Once = "talk-2" }, default)).Problem?.Code);
        Assert.Equal("service-unknown", (await grievances.File(told with { Subject = "income-certificate", Once = "talk-3" }, default)).Problem?.Code);
        var faults = (await grievances.File(told with { Place = "tehsil-79", Happened = "", Location = "somewhere", Once = "talk-4" }, default)).Problem!.Faults.Select(f => f.Pointer);
        Assert.Equal(["/answers/happened", "/answers/location", "/place"], faults.Order());
        var citizen = (await site.Services.GetRequiredService<Contracts.Access.ICitizens>().Find("9419050009", default))!.Value;
        Assert.Equal("open", (await grievances.Standing(Reference.Show(filed.Value.Reference), citizen, default))?.State);
        Assert.Null(await grievances.Standing(filed.Value.Reference, Guid.NewGuid(), default));
        Assert.Single(await grievances.Of(citizen, 10, default));

        // The head of a department already: the next above is the Administrative Secretary, here the Chief Secretary.
        await site.CatchUp();
        site.Clock.Advance(TimeSpan.FromDays(30));
        await site.Sweep();
        Assert.Equal(("administrative-secretary", "chief-secretary"), await site.Database.One<(string, string)>("""select layer, split_part(post, '@', 1) from cases."case" where type = 'appeal'"""));
        Assert.Equal("administrative-secretary", (await grievances.Standing(filed.Value.Reference, citizen, default))?.Layer);
    }

    [Fact]
    public async Task EverySubject_IsShown_RefusedOnesTellWhereToGo_ServicesKnowNone()
    {
        await using var site = await TestSite.Start(cluster, Cluster.Staffed);
        using var anyone = site.Client();
        var today = Sahulat.Kernel.Calendar.Ist.DateIn(site.Clock.GetUtcNow());
        var directory = site.Services.GetRequiredService<IServiceDirectory>();
        var organisation = site.Services.GetRequiredService<Contracts.Organisation.IOrganisation>();
        Assert.True(directory.Grievances(today).Count(s => s.Grievance!.Instead is null) >= 25);
        Assert.DoesNotContain(directory.All(today), s => s.Grievance is not null);
        foreach (var subject in directory.Grievances(today))
        {
            var page = await anyone.Page($"/en/complain/{subject.Code}");
            if (subject.Grievance!.Instead is { } instead) Assert.Contains(instead["en"], page, StringComparison.Ordinal);
            // Whoever is named for a rung is a post that the organisation has: nothing goes upward for want of one.
            foreach (var (role, officer) in subject.Officers)
                foreach (var place in organisation.OfKind(subject.PlaceLevel).Take(3))
                    Assert.True(organisation.Resolve(officer.Designation, place.Code, today) is { Why: not "missing", Post: not null }, $"{subject.Code}: {role} at {place.Code}");
        }

        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/en/complain/income-certificate")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.GetAsync("/api/v1/services/water-supply")).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await anyone.GetAsync("/en/services/water-supply")).StatusCode);
        using var citizen = await site.Citizen("9419050002");
        Assert.Equal(HttpStatusCode.NotFound, (await citizen.GetAsync("/en/apply/court-matter")).StatusCode);
    }
}
