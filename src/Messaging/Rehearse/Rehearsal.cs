using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Rehearse;

/// <summary>A conversation tried out by its author. It lives in the page alone.</summary>
/// <param name="Yaml">A flow that is not published yet.</param>
internal sealed record Rehearsed(string Flow, string Channel, Session Session, IReadOnlyList<Turn> Turns, string? Doing, IReadOnlyDictionary<string, string> With, string? Fault, string? Yaml);

/// <summary>The same engine without side effects: what looks into memory is done, what would act on the world is asked of the author.</summary>
internal sealed class Rehearsal(FlowStore flows, Answering answering, IDataProtectionProvider protection, TimeProvider time)
{
    public const int MostYaml = 100_000;
    private const int MostTurns = 60;

    private readonly IDataProtector protector = protection.CreateProtector("messaging.rehearsal");

    public string Seal(Rehearsed state) => Convert.ToBase64String(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(state, DayKeys.Json)));

    public Rehearsed? Open(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize<Rehearsed>(protector.Unprotect(Convert.FromBase64String(text)), DayKeys.Json);
        }
        catch (Exception e) when (e is FormatException or System.Security.Cryptography.CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Every fault of a flow that is being written, as loading would tell them.</summary>
    public async Task<(Book Book, Flow? Flow, IReadOnlyList<PackFault> Faults)> Read(string? yaml, string? key, CancellationToken ct)
    {
        var book = await flows.Book(ct);
        if (string.IsNullOrWhiteSpace(yaml)) return (book, book.Find(key ?? book.Common.Menu), []);
        var faults = new List<PackFault>();
        if (yaml.Length > MostYaml) return (book, null, [new PackFault("flow", 1, 1, $"longer than {MostYaml} characters")]);
        var file = new FlowFile("flow", faults);
        if (file.Read(yaml) is not { } flow) return (book, null, faults);
        var all = book.Latest.Where(f => f.Key != flow.Key).Append(flow).ToDictionary(f => f.Key);
        FlowChecks.Check(file, flow, all, book.Common, flows.Doings);
        return (new Book([.. all.Values], book.Common) { Registered = book.Registered }, flow, faults);
    }

    public async Task<Rehearsed> Begin(Book book, Flow flow, string channel, Lang lang, string? yaml, CancellationToken ct)
    {
        var session = new Session { Lang = lang.Code, Stack = [new Frame(flow.Key, flow.Version, flow.Start)], Values = flow.Takes.ToDictionary(t => t, t => $"«{t}»") };
        return await Run(book, new Rehearsed(flow.Key, channel, session, [], null, new Dictionary<string, string>(), null, yaml), HandedBack.It, null, ct);
    }

    public Task<Rehearsed> Say(Book book, Rehearsed state, string text, CancellationToken ct) => Run(book, state, new Said(text), text, ct);

    public Task<Rehearsed> TimeOut(Book book, Rehearsed state, CancellationToken ct) => Run(book, state, TimedOut.It, null, ct);

    /// <summary>The author says how the action ended.</summary>
    public Task<Rehearsed> End(Book book, Rehearsed state, string outcome, CancellationToken ct)
    {
        var kind = flows.Doings[state.Doing!];
        return Run(book, state, new Did(outcome)
        {
            Values = kind.Gives.ToDictionary(g => g, g => g == "form" ? state.Session.Values.GetValueOrDefault("form") ?? "" : $"«{g}»"),
            Lists = kind.Lists.ToDictionary(l => l, IReadOnlyList<Option> (l) => [new("sample-one", $"«{l} 1»"), new("sample-two", $"«{l} 2»")]),
            Proved = state.Doing == "code.verify" && outcome == "right" ? "9000000000" : null,
        }, null, ct);
    }

    public IReadOnlyList<string> Outcomes(Rehearsed state) => state.Doing is { } name && flows.Doings.TryGetValue(name, out var kind) ? kind.Outcomes : [];

    /// <summary>The reply as this channel would carry it.</summary>
    public IReadOnlyList<string> Shown(string channel, Lang lang, Reply reply) => channel == "ussd" ? Saying.Pages(reply, answering.Phrase(lang, "messaging.talk.more")) : [Saying.For(channel, reply) is { Options: { } buttons } shown ? new StringBuilder(shown.Text).AppendJoin("", buttons.Select(b => $"\n[ {b.Label} ]")).ToString() : Saying.For(channel, reply).Text];

    /// <summary>What of the last reply no operator would carry as SMS.</summary>
    public string? Unregistered(Book book, Rehearsed state) => state.Channel == "sms" && state.Turns.Count > 0 && state.Turns[^1].Reply is { } reply ? answering.Unregistered(book, reply) : null;

    private async Task<Rehearsed> Run(Book book, Rehearsed state, Input input, string? said, CancellationToken ct)
    {
        var sprint = Engine.Step(book, answering.Phrase, state.Session, input);
        for (var n = 0; n < 20 && sprint.Doing is { } doing && flows.Doings.TryGetValue(doing.Name, out var kind) && !kind.Outside; n++)
            sprint = Engine.Step(book, answering.Phrase, sprint.Session, await kind.Do(new DoingCall(new Talker(Guid.Empty, state.Channel, state.Channel is "sms" or "whatsapp" or "ussd" ? "+919000000000" : "rehearsal", "rehearsal", "rehearsal", time.GetUtcNow()), sprint.Session, doing.With), ct));
        IReadOnlyList<Turn> turns = said is null && sprint.Reply is null ? state.Turns : [.. state.Turns.TakeLast(MostTurns), new Turn(said, sprint.Reply)];
        return state with { Session = sprint.Session, Turns = turns, Doing = sprint.Doing?.Name, With = sprint.Doing?.With ?? new Dictionary<string, string>(), Fault = sprint.Fault };
    }
}
