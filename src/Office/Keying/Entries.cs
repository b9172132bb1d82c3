using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Keying;

/// <param name="Reason">Why a settled entry was corrected.</param>
internal sealed record EntryFields(KeyedFields Fields, string? Reason);

/// <summary>One line of a page of a register.</summary>
/// <param name="Open">Which hand comes next: 1, 2, 3 to settle; 0 when it is settled.</param>
/// <param name="Shown">What stands; null until it is settled, so that nobody sees another's work before he has done his.</param>
internal sealed record EntryView(int Line, int Hands, int Open, IReadOnlyList<string> Differ, KeyedFields? First, KeyedFields? Second, KeyedFields? Shown, string? Reason);

/// <summary>A register is keyed entry by entry, page and line: each by two persons who do not see each other's work; a third entry settles where they differ, and a settled one is corrected by a further hand that says why. What is settled is found by search, with its page.</summary>
internal sealed class Entries(Database database, Seals seals, TimeProvider time)
{
    public const int MostLines = 200, ReasonMax = 300;

    public static string Context(Guid entry, int hand) => $"office.scan_entry/{entry:N}/{hand}";

    public async Task<IReadOnlyList<EntryView>> Of(ItemView item, Guid paper, CancellationToken ct)
    {
        var rows = await database.Query<Row>("select e.id, e.line, h.hand, h.official, h.fields from office.scan_entry e join office.scan_entry_hand h on h.entry = e.id where e.item = @Id and e.paper = @paper order by e.line, h.hand", new { item.Item.Id, paper }, ct);
        var subject = item.Item.Subject ?? item.Plan.Id;
        return (await seals.Keys([subject], ct)).TryGetValue(subject, out var key)
            ? [.. rows.GroupBy(r => r.Line).Select(line => View(line.Key, [.. line.Select(r => seals.Open<EntryFields>(key, r.Fields, Context(r.Id, r.Hand)))]))]
            : [];
    }

    /// <param name="hand">The one that the official saw as open; for a correction one more than there were.</param>
    public async Task<Result<Done>> Save(Reach reach, ItemView seen, int page, int line, int hand, KeyedFields fields, string? reason, CancellationToken ct)
    {
        var check = new Check();
        Keyings.Check(check, fields);
        check.That(line is >= 1 and <= MostLines, "line", "office-line", MostLines);
        check.That((reason?.Length ?? 0) <= ReasonMax, "reason", "too-long", ReasonMax);
        if (!check.Ok) return check.ToProblem();
        if (seen.Item.FileId is not { } file || page < 1 || page > seen.Papers.Count) return OfficeProblems.NothingToSample;
        var (paper, number) = seen.Papers[page - 1];
        var at = time.GetUtcNow();
        return await database.Write<Result<Done>>(async work =>
        {
            await work.Execute("select from office.scan_item where id = @Id for update", seen.Item);
            var (state, scopes) = await work.One<(string, string[])>("select state, scopes from office.file where id = @file", new { file });
            if (state is "weeded" or "transferred") return OfficeProblems.NotOpen;
            var key = await seals.Key(work, seen.Item.Subject ?? seen.Plan.Id);
            var entry = await work.One<Guid>("""
                insert into office.scan_entry (id, item, paper, line) values (@entry, @Id, @paper, @line) on conflict (item, paper, line) do update set line = excluded.line returning id
                """, new { entry = Guid.CreateVersion7(at), seen.Item.Id, paper, line });
            var hands = await work.Query<Row>("select entry as id, hand, official, fields from office.scan_entry_hand where entry = @entry order by hand", new { entry });
            if (hand != hands.Count + 1) return Problem.Conflict;
            var before = View(line, [.. hands.Select(h => seals.Open<EntryFields>(key, h.Fields, Context(entry, h.Hand)))]);
            var correction = before.Open == 0;
            if (correction && string.IsNullOrWhiteSpace(reason)) return Problem.Invalid([new Fault("reason", "required")]);
            if ((correction || before.Open == 2) && hands[^1].Official == reach.Who.Id) return OfficeProblems.SameHand;
            await work.Execute("insert into office.scan_entry_hand (entry, hand, official, fields, at) values (@entry, @hand, @official, @sealedFields, @at)",
                new { entry, hand, official = reach.Who.Id, sealedFields = seals.Seal(key, new EntryFields(fields, correction ? reason!.Trim() : null), Context(entry, hand)), at });
            var settled = correction || before.Open == 3 || before.Open == 2 && before.First!.Differences(fields).Count == 0;
            if (settled) await Findable(work, file, entry, number, fields, scopes, at);
            var by = reach.Acts.Keys.FirstOrDefault(p => p == seen.Plan.Post) ?? reach.Acts.Keys.First();
            await work.Append(ScanPlans.StreamOf(seen.Plan.Id), null, new EntryKeyed(seen.Item.Id, number, line, hand, settled, correction, seals.Digest(fields.Text)), reach.As(by), at);
            return Done.It;
        }, ct);
    }

    private static EntryView View(int line, IReadOnlyList<EntryFields> hands)
    {
        var (first, second) = (hands.ElementAtOrDefault(0)?.Fields, hands.ElementAtOrDefault(1)?.Fields);
        IReadOnlyList<string> differ = first is not null && second is not null ? first.Differences(second) : [];
        var open = hands.Count switch { 0 => 1, 1 => 2, 2 when differ.Count > 0 => 3, _ => 0 };
        return new EntryView(line, hands.Count, open, differ, first, second, open == 0 ? hands[^1].Fields : null, open == 0 ? hands[^1].Reason : null);
    }

    private async Task Findable(Work work, Guid file, Guid entry, int page, KeyedFields fields, string[] scopes, DateTimeOffset at)
    {
        var row = new { file, entry, page, sealedText = seals.Seal(await seals.Key(work, file), fields.Text, PageTexts.ParaContext(file, 0)), words = Words.Of(seals, fields.Text), marks = Words.Marks(seals, scopes), at };
        if (await work.Execute("update office.page set text = @sealedText, words = @words, read_at = @at where id = (select found from office.scan_entry where id = @entry)", row) > 0) return;
        await work.Execute("""
            with made as (insert into office.page (item, page, state, text, words, scopes, lang, read_at) values (@file, @page, 'read', @sealedText, @words, @marks, 'en', @at) returning id)
            update office.scan_entry set found = (select id from made) where id = @entry
            """, row);
    }

    private sealed class Row
    {
        public Guid Id { get; init; }

        public int Line { get; init; }

        public int Hand { get; init; }

        public Guid Official { get; init; }

        public byte[] Fields { get; init; } = [];
    }
}
