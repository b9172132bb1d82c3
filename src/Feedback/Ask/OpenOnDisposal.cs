using System.Globalization;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Feedback.Ask;

/// <summary>Every disposal opens one assessment, once for a case. What the applicant withdrew nobody delivered. Synthetic applicants are asked nothing.</summary>
internal sealed class OpenOnDisposal(Assessments assessments, ICaseApplicants applicants, ICitizens citizens, IOrganisation organisation) : IFollower
{
    public string Name => "feedback.open";

    public IReadOnlyCollection<string> Kinds => [CaseDecided.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var ended = entries.Select(e => (Entry: e, Body: e.As<CaseDecided>())).Where(d => d.Body.Outcome != "withdrawn").DistinctBy(d => d.Entry.Stream).ToArray();
        if (ended.Length == 0) return;
        var filed = await Disposals.Filed(work, [.. ended.Select(d => d.Entry.Stream)]);
        var ids = ended.ToDictionary(d => d.Entry.Stream, d => Guid.ParseExact(d.Entry.Subject, "N"));
        var who = await applicants.Of([.. ids.Values], work.Cancelled);
        // Without a number there is nobody to ask: an erased person has none.
        var mobiles = await citizens.Mobiles([.. who.Values.Where(w => !w.Synthetic).Select(w => w.Applicant).Distinct()], work.Cancelled);
        var opened = new List<Opening>();
        foreach (var (entry, body) in ended)
        {
            var id = ids[entry.Stream];
            if (!filed.TryGetValue(entry.Stream, out var request) || !who.TryGetValue(id, out var person) || !mobiles.TryGetValue(person.Applicant, out var mobile)) continue;
            opened.Add(new(Guid.CreateVersion7(entry.At), id, null, null, null, person.Applicant, mobile, request.Reference, request.Service, request.Place, body.Post is { } post ? organisation.Post(post)?.Office : null, body.On, person.Lang, person.Name, person.Email));
        }

        await assessments.Open(work, opened);
    }
}

/// <summary>What the journal says of finished cases.</summary>
internal static class Disposals
{
    /// <summary>The filing of each stream.</summary>
    public static async Task<IReadOnlyDictionary<string, CaseFiled>> Filed(Work work, string[] streams) =>
        (await work.Query<JournalEntry>("select position, stream, version, kind, at, actor, body::text as body, digest from journal.entry where stream = any(@streams) and version <= 3 and kind = @kind", new { streams, kind = CaseFiled.Kind }))
            .DistinctBy(e => e.Stream).ToDictionary(e => e.Stream, e => e.As<CaseFiled>());

    public static DateOnly Month(DateOnly day) => new(day.Year, day.Month, 1);

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
