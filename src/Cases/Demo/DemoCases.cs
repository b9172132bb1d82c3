using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases.Papers;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Demo;

/// <summary>Lives the synthetic past day by day through the real intake, desk, statutory clock and sweep, on a <see cref="DemoClock"/>. An interrupted filling is taken up where it stood: each request is filed under its number, once.</summary>
internal sealed class DemoCases(Database database, IServiceProvider provider, IOrganisation organisation, IServiceDirectory services, IForms forms, ICitizens citizens, Vault vault, ILapseSweep sweep, Followers followers, TimeProvider time) : IDemo
{
    /// <summary>Marks synthetic requests in <c>cases.idempotency</c>; their keys are their numbers.</summary>
    public const string Caller = "demo";

    private const string Stream = "demo/past";

    /// <summary>The tehsil of Jammu, whose desks' sign-ins are printed: a share of all requests of tehsils goes there, so that these desks are full.</summary>
    private const string Shown = "tehsil-79";

    public async Task<IReadOnlyList<string>> Fill(DemoPlan plan, IProgress<double> progress, CancellationToken ct)
    {
        if (plan.Cases == 0) return [];
        if (!await database.One<bool>("select exists (select from journal.stream where stream = @Stream)", new { Stream }, ct)) await Live(plan, progress, ct);
        progress.Report(1);
        return [$"Synthetic applicants, each name marked {SyntheticPeople.Mark}, sign in with {SyntheticPeople.Mobile(0)} to {SyntheticPeople.Mobile(Story.People(plan) - 1)}. Nothing is ever sent to them about synthetic requests."];
    }

    private async Task Live(DemoPlan plan, IProgress<double> progress, CancellationToken ct)
    {
        var clock = time as DemoClock ?? throw new InvalidOperationException("a past is filled in on a clock of its own");
        var today = Ist.DateIn(clock.Now);
        var online = services.All(today).Concat(services.Grievances(today)).Where(s => s.Online).Select(s => s.Code).ToHashSet(StringComparer.Ordinal);
        var stories = Enumerable.Range(0, plan.Cases).Select(n => Story.Of(plan, n, online)).ToArray();
        var people = await People(plan, ct);
        var byDay = stories.ToLookup(s => today.AddDays(-s.Ago));
        var filed = (await database.Query<string>("select key from cases.idempotency where caller = @Caller", new { Caller }, ct)).ToHashSet(StringComparer.Ordinal);
        var day = ActivatorUtilities.CreateInstance<DemoDay>(provider);
        for (var on = today.AddDays(-plan.Days); on <= today; on = on.AddDays(1))
        {
            // Just after midnight, as a serving node does.
            clock.Rewind(Ist.At(on, new TimeOnly(0, 1)));
            await sweep.Run(on, ct: ct);
            await followers.CatchUp(ct, Follow.FileAppeals.Permanent);
            if (on == today) break;
            clock.Reach(Ist.At(on, new TimeOnly(9, 40)));
            await Parallel.ForEachAsync(byDay[on].Where(s => !filed.Contains(Key(s))), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (s, stop) => await File(plan, day, s, people, stop));
            clock.Reach(Ist.At(on, new TimeOnly(11, 5)));
            await day.Run(plan, on, [.. people.Values], n => stories[n], ct);
            progress.Report(1 - ((double)(today.DayNumber - on.DayNumber) / plan.Days));
        }

        await database.Write(work => work.Append(Stream, 0, new PastFilled(plan.Cases, today.AddDays(-plan.Days), today, plan.Seed), Actor.Sahulat(Caller), clock.Now), ct);
    }

    private static string Key(Story story) => story.Number.ToString(CultureInfo.InvariantCulture);

    private async Task<IReadOnlyDictionary<string, Guid>> People(DemoPlan plan, CancellationToken ct)
    {
        var mobiles = Enumerable.Range(0, Story.People(plan)).Select(SyntheticPeople.Mobile).ToArray();
        var people = new Dictionary<string, Guid>();
        await database.Write(async work =>
        {
            foreach (var (mobile, id) in await citizens.Resolve(work, mobiles)) people[mobile] = id;
            await vault.Keys(work, [.. people.Values], IntakeBatch.Retention);
        }, ct);
        return people;
    }

    private async Task File(DemoPlan plan, DemoDay day, Story story, IReadOnlyDictionary<string, Guid> people, CancellationToken ct)
    {
        var chance = Story.Chance(plan, story.Number + plan.Cases);
        var today = Ist.Today(time);
        var service = services.Find(story.Service, today)!;
        var place = PlaceFor(service, story, chance);
        var mobile = SyntheticPeople.Mobile(story.Person);
        var citizen = people[mobile];
        var form = forms.For(service);
        var answers = new SyntheticAnswers(organisation).For(form, chance, mobile, place, today);
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"demo/{plan.Seed}/{story.Number}"))[..16]);
        var documents = form.MissingDocuments(answers);
        foreach (var field in documents.Skip(story.Incomplete ? 1 : 0)) answers[field.Name] = await day.Store(citizen, new PaperFor(Draft: id), field, ct);
        var counter = story.AtCounter ? Counter(place, today) : null;
        var filed = await provider.GetRequiredService<CaseIntake>().Submit(new SubmitRequest(service.Code, place, citizen, null, story.Lang, answers), counter ?? Actor.Citizen(citizen), counter is null ? null : $"citizen:{citizen:N}", new Idempotency(Caller, Key(story), []), id, ct);
        if (!filed.Ok) throw new InvalidOperationException($"synthetic request {story.Number} for {service.Code} was refused: {filed.Problem.Code} {string.Join(", ", filed.Problem.Faults.Select(f => $"{f.Pointer} {f.Code}"))}");
    }

    /// <summary>A place of the service's level in the story's district; where the district has none, anywhere.</summary>
    private string PlaceFor(ServiceVersion service, Story story, Random chance)
    {
        Place[] all = [.. organisation.PlacesOf(service)];
        var districts = organisation.OfKind("district").Select(d => d.Code).Order(StringComparer.Ordinal).ToArray();
        var district = districts[story.District % districts.Length];
        if (chance.Next(100) < 7 && organisation.Serves(service, Shown)) return Shown;
        var within = all.Where(p => organisation.Covers(district, p.Code) || organisation.Covers(p.Code, district)).ToArray();
        return within.Length > 0 ? within[chance.Next(within.Length)].Code : all[chance.Next(all.Length)].Code;
    }

    /// <summary>The operator of the service centre in the case's tehsil, as the one who filed.</summary>
    private Actor? Counter(string place, DateOnly on) =>
        organisation.PlaceAndAncestors(place).SelectMany(organisation.PostsAt).FirstOrDefault(p => p.Designation == Designations.Operator) is { } post && organisation.Holders(post.Code, on) is [var holder, ..] ? Actor.Post(post.Code, holder.Official) : null;
}
