using Sahulat.Kernel.Data;

namespace Sahulat.Office.Find;

/// <summary>The newest pages that hold all words and carry one of the marks. The table is looked through in spans of page numbers, the newest first and narrow, then wider; a span with more matches than are read at once is taken apart. The cost follows the hits that are wanted, not all there are.</summary>
internal sealed class NewestPages
{
    /// <summary>As in <c>office.findable</c>.</summary>
    private static readonly long[] Widths = [1_024, 65_536, 4_194_304];

    private const int MarksOfAWidth = 20_000, SpansOfAWidth = 2;

    /// <summary>One more than a span of the narrowest holds.</summary>
    private const int AtOnce = 1_025;

    private readonly Work work;
    private readonly int[] marks;
    private readonly long last;

    private NewestPages(Work work, int[] marks, long last) => (this.work, this.marks, this.last) = (work, marks, last);

    /// <summary>From here on the transaction searches by the index of words alone: to the planner hits seem to lie anywhere, so that it would walk the table for them.</summary>
    public static async Task<NewestPages> Open(Work work, int[] marks)
    {
        // Before, because it goes by another index.
        var last = await work.One<long?>("select max(id) from office.page") ?? 0;
        await work.Execute("set local enable_seqscan = off; set local enable_indexscan = off");
        return new NewestPages(work, marks, last);
    }

    /// <param name="before">Only pages with lower numbers; null for all.</param>
    public async Task<IReadOnlyList<long>> Find(int[] words, int most, long? before = null)
    {
        var found = new List<long>();
        var until = Math.Min(last + 1, before ?? long.MaxValue);
        var head = until - 1;
        for (var level = 0; level < Widths.Length; level++)
        {
            var newest = head / Widths[level];
            var spans = level == Widths.Length - 1 ? newest + 1 : SpansOfAWidth;
            for (var span = newest; span >= 0 && span > newest - spans && found.Count < most; span--) until = await Into(level, span, until);
        }

        return found;

        // Returns where it began: what lies from there on was looked through.
        async Task<long> Into(int level, long span, long below)
        {
            var from = span * Widths[level];
            var end = Math.Min(below, from + Widths[level]);
            if (from >= end) return below;
            int[] sought = [.. words, int.MinValue + ((level + 1) * MarksOfAWidth) + (int)(span % MarksOfAWidth)];
            // With the bare id all numbers of the span would be read from their own index as well.
            var ids = await work.Query<long>("select id from office.page where office.findable(words, id) @> @sought and scopes && @marks and id + 0 >= @from and id + 0 < @end limit @AtOnce", new { sought, marks, from, end, AtOnce });
            if (ids.Count < AtOnce) found.AddRange(ids.OrderDescending().Take(most - found.Count));
            else for (var part = (end - 1) / Widths[level - 1]; part >= from / Widths[level - 1] && found.Count < most; part--) end = await Into(level - 1, part, end);
            return from;
        }
    }
}
