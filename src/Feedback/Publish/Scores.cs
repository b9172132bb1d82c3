using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Feedback.Questions;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Feedback.Publish;

/// <summary>Counts of the last twelve months under one head.</summary>
internal sealed record Score
{
    public string Dimension { get; init; } = "";
    public string Code { get; init; } = "";
    public long Sent { get; init; }
    public long Delivered { get; init; }
    public long Answered { get; init; }
    public long Good { get; init; }
    public long Average { get; init; }
    public long Bad { get; init; }

    public LocalText Name { get; init; } = [];

    /// <summary>The share of answers "Good"; null below ten answers.</summary>
    public Share? Share => Publish.Share.Of(Good, Answered);

    /// <summary>Answered of sent, in per cent.</summary>
    public double? Response => Sent == 0 ? null : 100.0 * Answered / Sent;
}

/// <param name="Share">Of "yes".</param>
internal sealed record QuestionScore(LocalText Text, string Code, long Answers, Share? Share);

/// <summary>The public figures: sums of counters over twelve months at most, whatever the number of ratings.</summary>
internal sealed class Scores(Database database, IServiceDirectory services, IOrganisation organisation, QuestionStore questions, TimeProvider time)
{
    private const int Months = 12;

    private const string Sums = "sum(sent)::bigint as sent, sum(delivered)::bigint as delivered, sum(answered)::bigint as answered, sum(good)::bigint as good, sum(average)::bigint as average, sum(bad)::bigint as bad";

    /// <summary>The first of the months that count.</summary>
    public DateOnly Since => Ask.Disposals.Month(Ist.Today(time)).AddMonths(1 - Months);

    public async Task<Score> Whole(CancellationToken ct) => await One("all", "", ct) ?? new Score { Dimension = "all" };

    /// <summary>Most answers first.</summary>
    public async Task<IReadOnlyList<Score>> By(string dimension, CancellationToken ct)
    {
        var rows = await database.Query<Score>($"select dimension, code, {Sums} from feedback.tally where dimension = @dimension and month >= @Since group by dimension, code order by sum(answered) desc, code", new { dimension, Since }, ct);
        return [.. rows.Select(Named)];
    }

    public async Task<Score?> One(string dimension, string code, CancellationToken ct) =>
        await database.One<Score>($"select dimension, code, {Sums} from feedback.tally where dimension = @dimension and code = @code and month >= @Since group by dimension, code", new { dimension, code, Since }, ct) is { } score ? Named(score) : null;

    public async Task<IReadOnlyList<QuestionScore>> Questions(string dimension, string code, CancellationToken ct)
    {
        var rows = await database.Query<(string Question, long Yes, long No)>("select question, sum(yes)::bigint, sum(no)::bigint from feedback.question_tally where dimension = @dimension and code = @code and month >= @Since group by question order by question", new { dimension, code, Since }, ct);
        var texts = (await questions.Current(ct)).Questions.ToDictionary(q => q.Code, q => q.Text);
        // A question that the pack no longer asks has no text to show.
        return [.. rows.Where(r => texts.ContainsKey(r.Question)).Select(r => new QuestionScore(texts[r.Question], r.Question, r.Yes + r.No, Share.Of(r.Yes, r.Yes + r.No)))];
    }

    private Score Named(Score s) => s with
    {
        Name = s.Dimension switch
        {
            "service" => services.Find(s.Code, Ist.Today(time))?.Name,
            "district" => organisation.Place(s.Code)?.Name,
            "department" => organisation.Department(s.Code),
            "office" => organisation.Office(s.Code)?.Name,
            _ => null,
        } ?? new LocalText { ["en"] = s.Code },
    };
}
