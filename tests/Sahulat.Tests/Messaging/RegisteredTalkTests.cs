using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Sms;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Conversations by SMS where operators carry only registered texts (TRAI DLT).</summary>
public sealed partial class RegisteredTalkTests(Cluster cluster)
{
    [Fact, Trait("Category", "Long")]
    public async Task WhatLoadingNames_IsWhatToRegister_AndOnlyRegisteredRepliesAreSent()
    {
        await using var sms = await Listener.Start(_ => (202, "0: Accepted for delivery", null));
        var settings = GatewayTests.Block("kannel", new() { ["Kind"] = "kannel", ["Channel"] = "sms", ["Url"] = sms.Address, ["User"] = "u", ["Password"] = "p", ["Secret"] = "s", ["Callback"] = "http://127.0.0.1:9", ["Tlv"] = "true" });
        settings["Sahulat:Messaging:Dlt"] = "required";
        await using var site = await TestSite.Start(cluster, Cluster.Staffed, settings: settings);
        var store = site.Services.GetRequiredService<FlowStore>();
        using var folder = new Node.DataFolder();
        CopyFlows(folder.Path);

        // Spoken by SMS, nothing registered yet: each text is named as it is to be registered.
        Write(folder.Path, []);
        var faults = await store.Read(folder.Path, default);
        Assert.Contains(faults, f => f.File == "flows/language.yaml" && f.Line > 1 && f.Text.StartsWith("ask.ur: no SMS text is registered", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Text.StartsWith("messaging.talk.help.en: no SMS text is registered", StringComparison.Ordinal));
        var texts = faults.Select(f => ToRegister().Match(f.Text).Groups[1].Value).Distinct().ToArray();
        Assert.DoesNotContain("", texts);
        // Registered as named, all is well; one changed letter is a fault again.
        Write(folder.Path, texts);
        Assert.Empty(await store.Read(folder.Path, default));
        Write(folder.Path, [.. texts.Select(t => t.Replace("We write in English", "We wrote in English", StringComparison.Ordinal))]);
        Assert.Equal("said.en", Assert.Single(await store.Read(folder.Path, default)).Text.Split(':')[0]);
        Write(folder.Path, ["{#var#}"], "1101");
        Assert.Equal(2, (await store.Read(folder.Path, default)).Count(f => f.File == "flows/dlt.yaml" && f.Text.Contains("19 digits", StringComparison.Ordinal) || f.Text.Contains("no words beside", StringComparison.Ordinal)));

        Write(folder.Path, texts);
        Assert.Empty(await store.Read(folder.Path, default));
        await site.Database.Write(work => store.Store(work, default));
        await store.Refresh(default);
        using var client = site.Client();
        var n = 0;
        async Task Say(string text)
        {
            var key = ((Kannel)site.Services.GetRequiredService<Accounts>().Find("kannel")!.Provider).Mo;
            using var answer = await client.PostAsync($"/hooks/messaging/kannel/mo?k={key}&from=919419077031&to=56767&id=d-{++n}", new StringContent(text));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await site.Quiet();
        }

        await Say("lang");
        await Say("5");
        await Eventually.True(() => sms.Calls.Count == 2, "both registered replies go out");
        var said = sms.Calls.Select(c => HttpUtility.ParseQueryString(c.Query)).Single(q => q["text"]!.StartsWith("We write in English", StringComparison.Ordinal));
        Assert.Equal(("JKGOVT", $"?smpp?PE_ID=1101000000000000001&TEMPLATE_ID={Id(Array.FindIndex(texts, t => t.StartsWith("We write in English", StringComparison.Ordinal)))}&"), (said["from"], said["meta-data"]));
        // The menu is not registered: kept as said, and not sent. Help is, though the menu that follows it is not.
        await Say("hello");
        await Say("person");
        await Say("What became of it?");
        Assert.Contains("What do you need?", string.Concat(await TalkTests.Said(site, "+919419077031")), StringComparison.Ordinal);
        Assert.Equal(2, sms.Calls.Count);
        Assert.Equal(0, await site.Database.One<int>("select count(*)::int from messaging.queue"));

        // An official is told that his own words would not arrive.
        using var agent = await site.Official("service-centre-operator@tehsil-79");
        var link = Conversation().Match(await agent.GetStringAsync("/en/desk/talk")).Groups[1].Value;
        Assert.Equal(HttpStatusCode.SeeOther, (await agent.Form(link, new() { ["act"] = "take" })).StatusCode);
        using var refused = await agent.Form(link, new() { ["act"] = "reply", ["text"] = "It is signed today." });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("only registered texts", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The author sees it before anybody else does.
        using var author = await site.Official((await site.Database.One<string>("""select "UserName" from access.official where "UserName" like 'sahulat-administrator@%' limit 1"""))!);
        async Task<string> Try(string flow, string channel) => await (await author.Form("/en/desk/talk/try", new() { ["act"] = "begin", ["flow"] = flow, ["channel"] = channel, ["spoken"] = "en" })).Content.ReadAsStringAsync();
        Assert.Contains("not registered with the operators", await Try("menu", "sms"), StringComparison.Ordinal);
        Assert.DoesNotContain("not registered with the operators", await Try("menu", "web"), StringComparison.Ordinal);
        Assert.DoesNotContain("not registered with the operators", await Try("language", "sms"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A {#var#}{#var#}{#var#} z", 90, true)]
    [InlineData("A {#var#}{#var#}{#var#} z", 91, false)]
    public void VariablesSideBySide_AreOneLongerOne_AndNoTextTakesLongToCompare(string registered, int length, bool fits)
    {
        Assert.Equal(fits, Sahulat.Messaging.Wording.Dlt.Compare(registered, $"A {new string('x', length)} z") is null);
        var many = string.Concat(Enumerable.Repeat("{#var#}", 30)) + "end";
        Assert.NotNull(Sahulat.Messaging.Wording.Dlt.Compare("A" + many, "A" + new string('x', 900)));
    }

    private static void CopyFlows(string to)
    {
        Directory.CreateDirectory(Path.Combine(to, "flows"));
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "data", "jk", "flows"), "*.yaml")) File.Copy(path, Path.Combine(to, "flows", Path.GetFileName(path)));
    }

    /// <summary>The pack's registrations, each with an id of its own.</summary>
    private static void Write(string folder, string[] texts, string entity = "1101000000000000001") =>
        File.WriteAllText(Path.Combine(folder, "flows", "dlt.yaml"), $"entity: \"{entity}\"\nheader: JKGOVT\nflows: [language]\nlangs: [en, ur]\ntemplates:{(texts.Length == 0 ? " {}" : "")}\n" + string.Concat(texts.Select((t, i) => $"  \"{Id(i)}\": {JsonSerializer.Serialize(t)}\n")));

    private static string Id(int n) => $"11070000000000{n:D5}";

    [GeneratedRegex(@"registered for it(?: \(dlt\.yaml\))?: (.*)\z", RegexOptions.Singleline)]
    private static partial Regex ToRegister();

    [GeneratedRegex("href=\"(/en/desk/talk/[0-9a-f-]{36})\"")]
    private static partial Regex Conversation();
}
