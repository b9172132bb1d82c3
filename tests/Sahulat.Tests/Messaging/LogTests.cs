using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Access;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Everything that a node writes to its logs, down to the finest level.</summary>
public sealed partial class LogTests(Cluster cluster)
{
    private sealed class Kept : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    [Fact]
    public async Task CodesKeysAndNumbers_AreInNoLog_WhetherProvidersAnswerOrFail()
    {
        var kept = new Kept();
        await using var sms = await Listener.Start(call => call.Query.Contains("9419055602", StringComparison.Ordinal) ? (500, "<html>oops</html>", null) : (202, "0: Accepted for delivery", null));
        var settings = GatewayTests.Block("kannel", new() { ["Kind"] = "kannel", ["Channel"] = "sms", ["User"] = "jk", ["Password"] = "kannel-password", ["Callback"] = "http://127.0.0.1:1/", ["Secret"] = "hook-secret", ["Url"] = sms.Address }).Concat(GatewayTests.Block("tg", new() { ["Kind"] = "telegram", ["Channel"] = "telegram", ["Url"] = "http://127.0.0.1:9/", ["Token"] = "77:telegram-token", ["Updates"] = "poll" })).ToDictionary();
        // As an operator has everything traced.
        foreach (var category in new[] { "Default", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore" }) settings[$"Logging:LogLevel:{category}"] = "Trace";
        await using var site = await TestSite.Start(cluster, settings: settings, replace: services => services.AddLogging(b => b.AddProvider(kept)));
        var codes = site.Services.GetRequiredService<IOneTimeCodes>();
        foreach (var mobile in new[] { "9419055601", "9419055602" }) Assert.True((await codes.Send(mobile, "sign-in", "en", "127.0.0.1", default)).Ok);
        var (client, key) = await site.Department();
        await client.Post(Sender.TryOut("9419055603", "Rukhsana-Bhat"));
        await client.Post(Sender.TryOut("12", "<b>x</b>"));
        await Eventually.True(() => sms.Calls.Count >= 3, "all three were given to the provider");
        // A number and a code that are written in a conversation, and a bot that cannot be reached.
        using var person = site.Client();
        foreach (var said in new[] { "menu", "2", "9419055604" }) await TalkTests.Chat(person, said);
        var telegram = Sender.TryOut();
        telegram["recipient"] = new System.Text.Json.Nodes.JsonObject { ["telegram"] = "778899001" };
        await client.Post(telegram);
        string Sent(string mobile) => SixDigits().Match(sms.Calls.FirstOrDefault(c => c.Query.Contains(mobile, StringComparison.Ordinal)) is { } call ? System.Web.HttpUtility.ParseQueryString(call.Query)["text"]! : "").Value;
        await Eventually.True(() => Sent("9419055604").Length == 6, "the code of the conversation goes out");
        var typed = Sent("9419055604");
        Assert.DoesNotContain(typed, await TalkTests.Chat(person, typed), StringComparison.Ordinal);
        await Eventually.True(() => kept.Lines.Any(l => l.Contains("updates of tg could not be had", StringComparison.Ordinal)), "that the bot is not reached is told");
        var code = SixDigits().Match(System.Web.HttpUtility.ParseQueryString(sms.Calls.First(c => c.Query.Contains("9419055601", StringComparison.Ordinal)).Query)["text"]!).Value;
        Assert.NotEqual("", code);
        var log = string.Join('\n', kept.Lines);
        Assert.NotEqual("", log);
        foreach (var secret in new[] { code, typed, "telegram-token", "778899001", "9419055604", key, key[^36..], "kannel-password", "hook-secret", "9419055601", "9419055602", "9419055603", "Rukhsana-Bhat" }) Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<!\d)\d{6}(?!\d)")]
    private static partial Regex SixDigits();
}
