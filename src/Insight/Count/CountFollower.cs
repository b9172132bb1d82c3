using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Insight.Count;

/// <summary>Counts requests by what the journal tells of them. A request's share is taken out and put in anew when something happens to it, in one transaction with the cursor: nothing is counted twice, however long this stood still.</summary>
internal sealed class CountFollower(IServiceDirectory services, IOrganisation organisation) : IFollower
{
    public const string Permanent = "insight.count";

    public string Name => Permanent;

    public IReadOnlyCollection<string> Kinds => [CaseFiled.Kind, CaseCompleted.Kind, CaseQueried.Kind, CaseQueryAnswered.Kind, CaseDecided.Kind, AppealDue.Kind, DatesMoved.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var counters = new Counters();
        for (var i = 0; i < entries.Count;)
        {
            var moving = entries[i].Kind == DatesMoved.Kind;
            var run = entries.Skip(i).TakeWhile(e => e.Kind == DatesMoved.Kind == moving).ToArray();
            if (moving) await Move(work, counters, run);
            else await Happen(work, counters, run);
            i += run.Length;
        }

        await counters.Write(work);
    }

    private async Task Happen(Work work, Counters counters, IReadOnlyList<JournalEntry> entries)
    {
        var before = await MatterRows.Read(work, [.. entries.Select(Subject).OfType<Guid>().Distinct()]);
        var now = new Dictionary<Guid, Matter>(before);
        foreach (var entry in entries)
        {
            if (Subject(entry) is not { } id) continue;
            if (entry.Kind == CaseFiled.Kind && entry.As<CaseFiled>() is { Parent: null } filed) now.TryAdd(id, New(id, filed));
            else if (now.TryGetValue(id, out var matter)) now[id] = Turn(matter, entry);
        }

        var changed = now.Values.Where(m => before.GetValueOrDefault(m.CaseId) != m).ToArray();
        foreach (var matter in changed)
        {
            if (before.TryGetValue(matter.CaseId, out var old)) counters.Add(old, -1);
            counters.Add(matter, 1);
        }

        await MatterRows.Save(work, changed);
    }

    /// <summary>The request that an entry tells of; an appeal's is the one that it looks at.</summary>
    private static Guid? Subject(JournalEntry entry)
    {
        if (entry.Kind == AppealDue.Kind) return entry.As<AppealDue>().Case;
        if (entry.Kind != CaseFiled.Kind) return Guid.Parse(entry.Subject);
        var filed = entry.As<CaseFiled>();
        return filed.Parent ?? (filed.Type == CaseKind.Application ? Guid.Parse(entry.Subject) : null);
    }

    private Matter New(Guid id, CaseFiled filed)
    {
        var service = services.FindVersion(filed.Service, filed.ServiceVersion);
        // The office that the law makes answer, also while its post stands empty and somebody above acts.
        var post = service?.Designated is { } rule && organisation.Place(filed.Place) is not null ? organisation.Resolve(rule.Designation, filed.Place, filed.FiledOn).Wanted ?? filed.Post : filed.Post;
        return new Matter
        {
            CaseId = id,
            Service = filed.Service,
            ServiceVersion = filed.ServiceVersion,
            Law = filed.Law,
            LawVersion = filed.LawVersion,
            Place = filed.Place,
            Department = service?.Department,
            District = organisation.Place(filed.Place) is null ? null : organisation.PlaceAndAncestors(filed.Place).FirstOrDefault(p => organisation.Place(p)?.Kind == "district"),
            Office = post is null ? null : organisation.Post(post)?.Office,
            ReceivedOn = filed.FiledOn,
            CompleteOn = filed.CompleteOn,
            DueOn = filed.DueOn,
        };
    }

    private static Matter Turn(Matter matter, JournalEntry entry)
    {
        switch (entry.Kind)
        {
            case var kind when kind == CaseFiled.Kind:
                return matter with { AppealedOn = matter.AppealedOn ?? entry.As<CaseFiled>().FiledOn };
            case var kind when kind == CaseCompleted.Kind:
                var completed = entry.As<CaseCompleted>();
                return matter with { CompleteOn = completed.CompleteOn, DueOn = completed.DueOn };
            case var kind when kind == CaseQueried.Kind:
                return entry.As<CaseQueried>().Pauses && matter.AnsweredOn is null ? matter with { Paused = true } : matter;
            case var kind when kind == CaseQueryAnswered.Kind:
                return matter with { Paused = false, DueOn = entry.As<CaseQueryAnswered>().DueOn ?? matter.DueOn };
            case var kind when kind == CaseDecided.Kind:
                var decided = entry.As<CaseDecided>();
                // An answer while the clock stands is in time.
                var due = matter.Paused && matter.DueOn < decided.On ? decided.On : matter.DueOn;
                return matter with { AnsweredOn = decided.On, Outcome = decided.Outcome, Paused = false, DueOn = due };
            default:
                // The date that lapsed is the one that counts, whatever was heard of calendars meanwhile.
                var lapse = entry.As<AppealDue>();
                return lapse.Trigger == "lapse" ? matter with { Lapsed = true, Paused = false, DueOn = lapse.DueOn } : matter;
        }
    }

    private static async Task Move(Work work, Counters counters, IReadOnlyList<JournalEntry> entries)
    {
        work = await work.Wholesale();
        // In the order of the calendars: a second move starts from where the first ended.
        foreach (var calendar in entries.Select(e => e.As<DatesMoved>()).GroupBy(m => m.Calendar).OrderBy(g => g.Key))
            foreach (var moved in await MatterRows.Move(work, [.. calendar]))
            {
                counters.Add(moved.Matter, Matter.Month(moved.DueFrom), new Tally { Late = moved.Count }, -1);
                counters.Add(moved.Matter, Matter.Month(moved.DueTo), new Tally { Late = moved.Count }, 1);
            }
    }
}
