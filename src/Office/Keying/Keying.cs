using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Office.Find;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Plan;

namespace Sahulat.Office.Keying;

/// <summary>What is keyed of a scanned file or register.</summary>
internal sealed record KeyedFields(string Number, string Dated, string Names, string Village, string Khasra, string Remarks)
{
    public static readonly IReadOnlyList<string> All = ["number", "dated", "names", "village", "khasra", "remarks"];

    public string this[string name] => name switch { "number" => Number, "dated" => Dated, "names" => Names, "village" => Village, "khasra" => Khasra, _ => Remarks };

    public static KeyedFields Of(Func<string, string> ask) => new(ask("number"), ask("dated"), ask("names"), ask("village"), ask("khasra"), ask("remarks"));

    public string Text => string.Join(' ', All.Select(f => this[f]).Where(v => v.Length > 0));

    /// <summary>The fields in which two persons differ; spaces, digits of other scripts and forms of letters count as one.</summary>
    public IReadOnlyList<string> Differences(KeyedFields other) => [.. All.Where(f => f != "remarks" && string.Join(' ', Words.Split(this[f])) != string.Join(' ', Words.Split(other[f])))];
}

/// <param name="Open">Which hand comes next: 1, 2, 3 to settle, 0 when it is done.</param>
internal sealed record ItemView(ItemRow Item, string Title, PlanRow Plan, IReadOnlyList<(Guid Paper, int Page)> Papers, Suggestions Suggested, int Open, IReadOnlyList<string> Differ, KeyedFields? First, KeyedFields? Second);

/// <summary>Keys scanned files beside their picture; what is keyed is found by search. Registers are keyed by <see cref="Entries"/>.</summary>
internal sealed class Keyings(Database database, ScanPlans plans, Seals seals, PageTexts pages, TimeProvider time)
{
    private const int Shown = 20_000, Looked = 5;

    public static string Context(Guid item, int hand) => $"office.scan_keyed/{item:N}/{hand}";

    public async Task<ItemView?> View(Reach reach, Guid id, int at, CancellationToken ct)
    {
        var item = await database.One<ItemRow>($"select {ScanPlans.ItemColumns}, 0 as kept, 0 as hands from office.scan_item s where s.id = @id", new { id }, ct);
        if (item is null || await plans.Find(reach, await database.One<Guid>("select plan from office.scan_bundle where id = @Bundle", item, ct), ct) is not { } plan) return null;
        var papers = await database.Query<(Guid Paper, int Page)>("select p.paper, c.page_from from office.intake_page p join office.correspondence c on c.paper = p.paper where p.item = @id and p.outcome = 'kept' order by c.page_from limit @Shown", new { id, Shown }, ct);
        var key = (await seals.Keys([item.Subject ?? plan.Id], ct)).GetValueOrDefault(item.Subject ?? plan.Id);
        var texts = new List<string>();
        // Of a register only the page shown suggests anything for its entries.
        foreach (var (paper, _) in item.Kind == "register" ? papers.Skip(Math.Clamp(at, 1, Math.Max(1, papers.Count)) - 1).Take(1) : papers.Take(Looked))
            if (await pages.Of(paper, 1, null, ct) is { } text) texts.Add(string.Concat(text.Pieces.Select(p => p.Text)));
        var keyed = (await Hands(id, ct)).ToDictionary(h => h.Hand);
        KeyedFields? Fields(int hand) => keyed.TryGetValue(hand, out var row) && key is not null ? seals.Open<KeyedFields>(key, row.Fields, Context(id, hand)) : null;
        var (first, second) = (Fields(1), Fields(2));
        IReadOnlyList<string> differ = first is not null && second is not null ? first.Differences(second) : [];
        var open = keyed.ContainsKey(3) ? 0 : first is null ? 1 : item.Kind == "file" ? 0 : second is null ? 2 : differ.Count > 0 ? 3 : 0;
        return new ItemView(item, key is not null ? seals.Open(key, item.Title, ScanPlans.TitleContext(id)) : "", plan, papers, Suggestions.Of(texts), open, differ, first, second);
    }

    public async Task<Result<Done>> Save(Reach reach, ItemView seen, KeyedFields fields, CancellationToken ct)
    {
        var check = new Check();
        Check(check, fields);
        if (!check.Ok) return check.ToProblem();
        if (seen.Item.FileId is not { } file) return OfficeProblems.NothingToSample;
        var at = time.GetUtcNow();
        return await database.Write<Result<Done>>(async work =>
        {
            await work.Execute("select from office.scan_item where id = @Id for update", seen.Item);
            if (await work.One<bool>("select exists (select from office.file where id = @file and state in ('weeded', 'transferred'))", new { file })) return OfficeProblems.NotOpen;
            var hands = await work.Query<(int Hand, Guid Official)>("select hand, official from office.scan_keyed where item = @Id order by hand", seen.Item);
            if (seen.Open == 0 || hands.Any(h => h.Hand == seen.Open) || seen.Open > 1 && hands.All(h => h.Hand != 1)) return Problem.Conflict;
            if (hands.Any(h => h.Hand == 1 && h.Official == reach.Who.Id) && seen.Open == 2) return OfficeProblems.SameHand;
            var key = await seals.Key(work, seen.Item.Subject ?? seen.Plan.Id);
            await work.Execute("insert into office.scan_keyed (item, hand, official, fields, at) values (@Id, @Open, @official, @sealedFields, @at)", new { seen.Item.Id, seen.Open, official = reach.Who.Id, sealedFields = seals.Seal(key, fields, Context(seen.Item.Id, seen.Open)), at });
            var settled = seen.Item.Kind == "file" || seen.Open == 3 || seen.Open == 2 && seen.First!.Differences(fields).Count == 0;
            var outcome = seen.Open == 3 ? "settled" : seen.Open == 2 ? settled ? "agreed" : "differs" : "first";
            var by = reach.Acts.Keys.FirstOrDefault(p => p == seen.Plan.Post) ?? reach.Acts.Keys.First();
            await work.Append(ScanPlans.StreamOf(seen.Plan.Id), null, new ItemKeyed(seen.Item.Id, seen.Open, seals.Digest(fields.Text), outcome), reach.As(by), at);
            if (settled && await work.One<string[]>("select scopes from office.file where id = @file", new { file }) is { } scopes) await pages.Write(work, await seals.Key(work, file), file, 0, fields.Text, scopes, at);
            return Done.It;
        }, ct);
    }

    public static void Check(Check check, KeyedFields fields)
    {
        check.That(fields.Text.Length > 0, "number", "required");
        foreach (var name in KeyedFields.All) check.That(fields[name].Length <= 300, name, "too-long", 300);
    }

    private Task<IReadOnlyList<HandRow>> Hands(Guid item, CancellationToken ct) => database.Query<HandRow>("select hand, official, fields from office.scan_keyed where item = @item", new { item }, ct);

    private sealed record HandRow(int Hand, Guid Official, byte[] Fields);
}
