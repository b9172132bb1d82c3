using Sahulat.Kernel.Language;

namespace Sahulat.Feedback.Questions;

/// <summary>A question that "yes" answers well.</summary>
internal sealed record Question(string Code, LocalText Text);

/// <summary>Which questions are asked, at most five, of whom: the services named, else their categories, else everybody.</summary>
internal sealed record QuestionSet(IReadOnlyList<string> Services, IReadOnlyList<string> Categories, IReadOnlyList<string> Ask);

internal sealed record QuestionFile(int ExpiresDays, int RemindAfterHours, IReadOnlyList<Question> Questions, IReadOnlyList<QuestionSet> Sets)
{
    public const int Most = 5;

    /// <summary>Where the pack brings none: Good, Average or Bad, and nothing else.</summary>
    public static readonly QuestionFile None = new(30, 24, [], []);

    public IReadOnlyList<Question> For(string service, string? category)
    {
        var set = Sets.FirstOrDefault(s => s.Services.Contains(service)) ?? Sets.FirstOrDefault(s => category is not null && s.Categories.Contains(category)) ?? Sets.FirstOrDefault(s => s.Services.Count == 0 && s.Categories.Count == 0);
        return set is null ? [] : [.. set.Ask.Select(code => Questions.First(q => q.Code == code))];
    }
}
