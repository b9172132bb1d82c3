using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Catalogue;
using Sahulat.Messaging.Doings;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Talk;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>A citizen who answers whatever the form asks, in the chat.</summary>
internal static class TalkAnswers
{
    /// <summary>From "where do you apply?" to the last look. A first answer of another place and a wrong one are given on the way.</summary>
    public static async Task Answer(this TestSite site, Func<string, Task<string>> say, string page, string until, string channel = "web")
    {
        for (var n = 0; n < 80 && !page.Contains(until, StringComparison.Ordinal); n++)
        {
            var (fits, options) = await Asked(site, channel);
            site.Clock.Advance(TimeSpan.FromSeconds(5));
            page = await say(options.Count == 0 ? fits : options.Contains("later") ? "later" : options.Contains("skip") ? "skip" : options.Contains("no") && options.Contains("yes") ? "no" : options[0]);
        }

        Assert.Contains(until, page, StringComparison.Ordinal);
    }

    /// <summary>Whatever people wrote has been taken up.</summary>
    public static Task Quiet(this TestSite site) => Eventually.True(async () => await site.Database.One<long>("select count(*) from messaging.inbox") == 0, "nothing waits to be heard");

    /// <summary>A fitting answer to what is asked now, and the keys offered.</summary>
    private static async Task<(string Fits, IReadOnlyList<string> Options)> Asked(TestSite site, string channel)
    {
        var session = await SessionOf(site, channel);
        var state = FormState.Of(session.Values["form"])!;
        var (forms, services) = (site.Services.GetRequiredService<IForms>(), site.Services.GetRequiredService<IServiceDirectory>());
        var asked = new FormWalk(forms.For(services.FindVersion(state.Service, state.Version)!), state.Answers, state.Passed.ToHashSet()).Next()!;
        var fits = asked.Field.Type switch
        {
            FieldType.Number or FieldType.Money => "१२",
            FieldType.Date => "27 3 1990",
            FieldType.Place => "Pampore",
            FieldType.Text when asked.Field.Pattern == "mobile" => "94190 77001",
            FieldType.Text when asked.Field.Pattern == "pin" => "190001",
            FieldType.Text when asked.Field.Pattern == "email" => "a@example.in",
            FieldType.Text when asked.Field.Pattern == "aadhaar-last4" => "1234",
            FieldType.Text when asked.Field.Pattern?.StartsWith("^20", StringComparison.Ordinal) == true => "2025-26",
            _ => "رخسانہ",
        };
        return (fits, [.. session.Offered.Select(o => o.Key)]);
    }

    private static async Task<Session> SessionOf(TestSite site, string channel)
    {
        var store = site.Services.GetRequiredService<ConversationStore>();
        return await site.Database.Write(async work =>
        {
            var rows = await work.Query<Conversation>("select id, channel, contact, content, sealed_on, state, lang, updated_at from messaging.conversation where channel = @channel", new { channel });
            return (await store.Open(work, rows)).Values.Select(h => h.Session).First(s => s.Values.GetValueOrDefault("form") is { Length: > 0 });
        });
    }
}
