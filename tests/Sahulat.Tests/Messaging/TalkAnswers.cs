using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Catalogue;
using Sahulat.Messaging.Doings;
using Sahulat.Messaging.Converse;
using Sahulat.Kernel.Vault;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>A citizen who answers whatever the form asks, in the chat.</summary>
internal static partial class TalkAnswers
{
    /// <summary>From "where do you apply?" to the last look. A first answer of another place and a wrong one are given on the way.</summary>
    public static async Task Answer(this TestSite site, HttpClient client, string page)
    {
        page = await TalkTests.Chat(client, "Pampore");
        for (var n = 0; n < 80 && !page.Contains("Is everything right?", StringComparison.Ordinal); n++)
        {
            var (asked, kind, options) = await Asked(site, client);
            var said = options.Count > 0 ? (options.Contains("later") ? "later" : options.Contains("skip") ? "skip" : options.Contains("no") && options.Contains("yes") ? "no" : options[0]) : kind;
            page = await TalkTests.Chat(client, said);
        }

        Assert.Contains("Is everything right?", page, StringComparison.Ordinal);
    }

    /// <summary>What waits for an answer now: its pointer, a fitting answer, and the keys offered.</summary>
    private static async Task<(string Pointer, string Fits, IReadOnlyList<string> Options)> Asked(TestSite site, HttpClient client)
    {
        var shown = await client.GetStringAsync("/en/talk");
        var options = Button().Matches(shown).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ToArray();
        var state = FormState.Of(await FormOf(site))!;
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
            _ => "رخسانہ",
        };
        return (asked.Pointer, fits, options);
    }

    private static async Task<string> FormOf(TestSite site)
    {
        var store = site.Services.GetRequiredService<ConversationStore>();
        return await site.Database.Write(async work =>
        {
            var rows = await work.Query<Conversation>("select id, channel, contact, content, sealed_on, state, lang, updated_at from messaging.conversation where channel = 'web'");
            return (await store.Open(work, rows)).Values.Select(h => h.Session.Values.GetValueOrDefault("form") ?? "").First(f => f.Length > 0);
        });
    }

    [GeneratedRegex("name=\"say\" value=\"([^\"]+)\"")]
    private static partial Regex Button();
}
