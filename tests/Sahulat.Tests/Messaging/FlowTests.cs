using FlowNode = Sahulat.Messaging.Flows.Node;
using FsCheck;
using FsCheck.Fluent;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Doings;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;
using Sahulat.Messaging.Wording;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>Flows as data and the pure step, without a node.</summary>
public sealed class FlowTests
{
    private static readonly Lazy<Book> Shipped = new(() =>
    {
        var (flows, faults) = (new List<Flow>(), new List<PackFault>());
        Common? common = null;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Cluster.RepositoryRoot, "data", "jk", "flows"), "*.yaml"))
        {
            var file = new FlowFile(Path.GetFileName(path), faults);
            if (path.EndsWith("common.yaml", StringComparison.Ordinal)) common = file.ReadCommon(File.ReadAllText(path));
            else if (file.Read(File.ReadAllText(path)) is { } flow) flows.Add(flow);
        }

        Assert.Empty(faults);
        return new Book(flows, common!);
    });

    private static string Phrase(Lang lang, string key) => $"[{key}]";

    private static Sprint Step(Session session, Input input, Book? book = null) => Engine.Step(book ?? Shipped.Value, Phrase, session, input);

    [Fact]
    public void AnyTextAndAnyOutcome_NeverThrow_AndEndWithinTheBound()
    {
        var texts = Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements("1", "२", "۳", "menu", "مینو", "LANG", "stop", "status", "find", "\0\u202e1", "\ud800", new string('x', 5000), "", "0", "99999999999999", "{said}", "{{query}}"));
        var walk = texts.ListOf(25).Zip(Gen.Choose(0, 9).ListOf(40));
        Prop.ForAll(walk.ToArbitrary(), w =>
        {
            var (said, picks) = w;
            var (session, at) = (new Session(), 0);
            foreach (var text in said)
            {
                var sprint = Step(session, new Said(text!));
                for (var n = 0; sprint.Doing is { } doing; n++)
                {
                    Assert.True(n <= Engine.MostSteps, "actions without end");
                    var frame = sprint.Session.Stack[^1];
                    var outcomes = Shipped.Value.Find(frame.Flow, frame.Version)!.Nodes[frame.At!].On.Keys.ToArray();
                    sprint = Step(sprint.Session, new Did(outcomes[picks[at++ % picks.Count] % outcomes.Length]) { Lists = new Dictionary<string, IReadOnlyList<Option>> { ["services"] = [new("a", "A")], ["options"] = [new("b", "B")] } });
                }

                Assert.True(sprint.Session.Steps <= Engine.MostSteps && sprint.Session.Stack.Count <= Engine.MostDeep && sprint.Session.Path.Count <= 40);
                if (sprint.Person) sprint = sprint with { Session = Step(sprint.Session, HandedBack.It).Session };
                session = Step(sprint.Session, TimedOut.It).Session;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("१")]
    [InlineData("۱")]
    [InlineData("١.")]
    [InlineData("find")]
    [InlineData("सेवा खोजें")]
    [InlineData("خدمت تلاش کریں")]
    [InlineData("Search!")]
    public void TheMenu_IsUnderstoodByNumberInAnyScript_ByKey_AndByWordsInAnyLanguage(string text)
    {
        var menu = Step(new Session { Lang = "ur" }, new Said("hello")).Session;
        Assert.Equal("find/ask", Step(menu, new Said(text)).Session.Path[^1]);
    }

    [Fact]
    public void Commands_AreUnderstoodEverywhere_InEveryLanguageAndScript()
    {
        foreach (var (command, words) in Shipped.Value.Common.Commands)
            foreach (var word in words)
            {
                var inside = Step(Step(new Session(), new Said("salam")).Session, new Said("1")).Session;
                var after = Step(inside, new Said($" {word.ToUpperInvariant()} "));
                Assert.Equal(command switch { "stop" => "", "help" => "find/ask", "menu" => "menu/greet", "status" => "identity/known", _ => "language/ask" }, after.Session.Ended ? "" : after.Session.Path[^1]);
                Assert.Equal(command == "stop", after.Stopped);
            }
    }

    [Fact]
    public void Language_ChosenInTheMiddle_AsksTheSameQuestionAgainInIt()
    {
        var asked = Step(Step(new Session(), new Said("salam")).Session, new Said("1"));
        var chosen = Step(Step(asked.Session, new Said("زبان")).Session, new Said("3"));
        Assert.Equal(("ur", "find/ask"), (chosen.Session.Lang, chosen.Session.Path[^1]));
        Assert.Contains("کون سی خدمت", chosen.Reply!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ASession_GoesOnInTheVersionInWhichItBegan()
    {
        const string Texts = "{ en: \"{0}\", hi: \"{0}\", ur: \"{0}\", ks: \"{0}\", doi: \"{0}\" }";
        static Flow Of(int version, string text) => new FlowFile("f", []).Read($"flow: f\nversion: {version}\nstart: a\nnodes:\n  a: {{ say: {Texts.Replace("{0}", text)}, ask: {{ text: x }}, to: b }}\n  b: {{ say: {Texts.Replace("{0}", text + " end")}, end: true }}\n")!;
        var one = new Book([Of(1, "one")], Shipped.Value.Common with { Menu = "f" });
        var begun = Step(new Session(), new Said("hello there"), one);
        var both = new Book([Of(1, "one"), Of(2, "two")], one.Common);
        Assert.Equal("one end", Step(begun.Session, new Said("x"), both).Reply!.Text);
        Assert.Equal("two", Step(new Session(), new Said("hello there"), both).Reply!.Text);
        // A version that is gone ends the conversation with a name for it.
        Assert.NotNull(Step(begun.Session, new Said("x"), new Book([Of(2, "two")], one.Common)).Reply);
    }

    [Fact]
    public void AFlowWithFaults_IsRefused_WithEveryFaultAtItsLineAndColumn()
    {
        const string Yaml = """
            flow: bad
            version: 0
            start: first
            nodes:
              first:
                say: { en: "Hello {nobody}", hi: "नमस्ते" }
                ask: { choices: [ { key: a, label: { en: "A very very very long label", hi: "क", ur: "ا", ks: "ا", doi: "क" }, to: nowhere } ] }
              round: { to: back }
              back: { to: round }
              lost: { do: no.such, on: { found: first } }
              half: { do: services.find, with: { tex: "x" }, on: { one: first } }
            """;
        var faults = new List<PackFault>();
        var file = new FlowFile("flows/bad.yaml", faults);
        Assert.Null(file.Read(Yaml));
        Assert.Contains(faults, f => f.ToString().StartsWith("flows/bad.yaml:6:", StringComparison.Ordinal) && f.Text.Contains("ur is missing", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Text.Contains("20 at most", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Text.Contains("version", StringComparison.Ordinal));

        faults.Clear();
        var flow = file.Read(Yaml.Replace("version: 0", "version: 1").Replace("A very very very long label", "A").Replace("hi: \"नमस्ते\" }", "hi: \"न\", ur: \"س\", ks: \"س\", doi: \"न\" }"))!;
        DoingKind kind = new("services.find", ["text"], ["one", "many"], [], [], false, (_, _) => new(new Did("one")));
        FlowChecks.Check(file, flow, new Dictionary<string, Flow> { ["bad"] = flow }, Shipped.Value.Common, new Dictionary<string, DoingKind> { [kind.Name] = kind });
        foreach (var part in new[] { "nothing sets {nobody}", "no node 'nowhere'", "round: no way leads here", "goes round without asking", "no action 'no.such'", "can end in 'many'", "takes no 'tex'" })
            Assert.Contains(faults, f => f.Text.Contains(part, StringComparison.Ordinal) && f.Line > 1);
    }

    [Fact]
    public void AFlowThatLoops_IsEndedAndNamed()
    {
        var flow = new Flow("f", 1, "f", "a", TimeSpan.FromMinutes(1), [], new HashSet<string>(), new Dictionary<string, FlowNode> { ["a"] = new("a") { To = "b" }, ["b"] = new("b") { To = "a" } });
        var sprint = Step(new Session(), new Said("hello there"), new Book([flow], Shipped.Value.Common with { Menu = "f" }));
        Assert.Equal(("flow-loops", true), (sprint.Fault, sprint.Session.Ended));
        Assert.True(sprint.Reply!.Ends);
    }

    [Fact]
    public void Pages_FitUssd_LoseNothing_AndNumbersRunThrough()
    {
        foreach (var (lang, most) in new[] { (Lang.En, 182), (Lang.Ur, 80), (Lang.Hi, 80) })
        {
            var reply = Step(new Session { Lang = lang.Code }, new Said("hello")).Reply!;
            var pages = Saying.Pages(reply, lang == Lang.En ? "More" : "مزید");
            Assert.True(pages.Count > 1);
            Assert.All(pages, p => Assert.True(Gsm7.Holds(p) ? Gsm7.Measure(p).Length <= most : p.Length <= most, $"{p.Length}: {p}"));
            var all = string.Concat(pages.Select(p => p.Replace("\n0. More", "").Replace("\n0. مزید", "")).SelectMany(p => p).Where(c => !char.IsWhiteSpace(c)));
            Assert.Equal(string.Concat(Saying.Numbered(reply.Text, reply.Options).Where(c => !char.IsWhiteSpace(c))), all);
        }
    }

    [Theory]
    [InlineData("27 3 1990", "1990-03-27")]
    [InlineData("27/03/1990", "1990-03-27")]
    [InlineData("२७-३-१९९०", "1990-03-27")]
    [InlineData("۲۷۔۳۔۱۹۹۰", "1990-03-27")]
    [InlineData("1990-03-27", "1990-03-27")]
    [InlineData("27031990", "1990-03-27")]
    [InlineData("31 2 1990", null)]
    [InlineData("yesterday", null)]
    public void Dates_AreReadAsPeopleWriteThem(string text, string? date) => Assert.Equal(date, FormWalk.Date(text));
}
