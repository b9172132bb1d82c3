using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Follow;

/// <summary>A holiday order moved open due dates: cases show the new ones. The clock's entry explains them, so the case's own stream says nothing new.</summary>
internal sealed class MoveDates : IFollower
{
    public string Name => "cases.move-dates";

    public IReadOnlyCollection<string> Kinds => [DatesMoved.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        work = await work.Wholesale();
        var moves = entries.Select(e => e.As<DatesMoved>()).ToArray();
        foreach (var single in moves.Where(m => m.Cases is not null))
            await work.Execute("""update cases."case" set due_on = @To where id = any(@ids) and due_on = @From and decided_on is null""", new { single.To, single.From, ids = single.Cases!.ToArray() });
        var shared = moves.Where(m => m.Cases is null).ToArray();
        if (shared.Length == 0) return;
        // In the order of the calendars: a second move starts from where the first ended.
        foreach (var calendar in shared.GroupBy(m => m.Calendar).OrderBy(g => g.Key))
            await work.Execute("""
                update cases."case" c set due_on = t.due_to
                from unnest(@services, @serviceVersions, @laws, @lawVersions, @places, @layers, @completes, @froms, @tos) as t(service, service_version, law, law_version, place, layer, complete_on, due_on, due_to)
                where c.decided_on is null and c.promised_on is null and c.service = t.service and c.service_version = t.service_version and c.law = t.law and c.law_version = t.law_version
                  and c.place = t.place and coalesce(c.layer, '') = t.layer and c.complete_on = t.complete_on and c.due_on = t.due_on
                  and not exists (select from cases.pause p where p.case_id = c.id) and not exists (select from cases.remand r where r.case_id = c.id)
                """, new
            {
                services = calendar.Select(m => m.Service).ToArray(),
                serviceVersions = calendar.Select(m => m.ServiceVersion).ToArray(),
                laws = calendar.Select(m => m.Law).ToArray(),
                lawVersions = calendar.Select(m => m.LawVersion).ToArray(),
                places = calendar.Select(m => m.Place).ToArray(),
                layers = calendar.Select(m => m.Layer ?? "").ToArray(),
                completes = calendar.Select(m => m.CompleteOn).ToArray(),
                froms = calendar.Select(m => m.From).ToArray(),
                tos = calendar.Select(m => m.To).ToArray(),
            });
    }
}
