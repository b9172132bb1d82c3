using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Converse;

/// <summary>Answers what one contact wrote, in the order in which it came.</summary>
internal sealed class Answering(FlowStore flows, IEnumerable<IReplies> rooms, TextCatalogue texts, IConfiguration configuration, TimeProvider time, ILogger<Answering> log)
{
    /// <summary>Nobody types more in a minute; what comes beyond is kept as received and not answered, and the person is told once.</summary>
    public const int MostInMinute = 30;

    private const int MostActions = 20;
    private static readonly TimeSpan ReplyLife = TimeSpan.FromHours(1);

    private readonly bool dltRequired = Dlt.Required(configuration);

    public string Phrase(Lang lang, string key) => texts.Find(lang, key) ?? texts.Find(Lang.En, key) ?? key;

    /// <summary>Of the contacts of a batch those whose messages another room may wait for.</summary>
    public async Task<IReadOnlySet<Guid>> Waited(Work work, IReadOnlyList<Conversation> rows, ILookup<Guid, Heard> heard)
    {
        var waited = new HashSet<Guid>();
        foreach (var room in rooms)
        {
            var asked = rows.Where(Proves).SelectMany(r => heard[r.Id]).Where(h => room.Could(FlowWords.Safe(h.Text))).DistinctBy(h => h.Conversation).ToLookup(h => h.From, h => h.Conversation);
            if (asked.Count > 0) waited.UnionWith((await room.Waits(work, [.. asked.Select(a => a.Key)])).SelectMany(f => asked[f]));
        }

        return waited;
    }

    /// <summary>The channel itself proves the number.</summary>
    private static bool Proves(Conversation row) => row.Channel is "sms" or "whatsapp";

    /// <param name="outside">Whether actions that wait for other rooms may be done.</param>
    /// <param name="offer">Whether another room may wait for these messages.</param>
    /// <returns>Null when such an action is due and may not be done here.</returns>
    public async ValueTask<Taken?> Answer(Work work, Book book, Conversation row, Held? held, IReadOnlyList<Heard> heard, bool outside, bool offer, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var state = new State(row, held ?? new Held(heard[0].From, new Session { Lang = Guess(row, heard[0].Text) })) { Offers = offer && Proves(row) };
        foreach (var h in heard)
        {
            if (Floods(state, h.At, out var tell))
            {
                if (tell) Speak(book, state, null, null, new Reply(Phrase(state.Session.Language, "messaging.talk.too-fast"), [], "nothing", false), now);
                continue;
            }

            if (!await One(work, book, state, h, outside, now, ct)) return null;
        }

        state.Row = state.Row with { HeardAt = now, DueAt = Due(book, state, now) };
        return new(state.Row, new Held(state.Held.Address, state.Session), state.Turns, state.Messages, [.. heard.Select(h => h.Id)]);
    }

    /// <summary>Somebody let the time pass that a node gives.</summary>
    public async ValueTask<Taken> Late(Work work, Book book, Conversation row, Held? held, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var state = new State(row, held ?? new Held("", new Session()));
        if (held is not null) await Run(work, book, state, TimedOut.It, new Talker(row.Id, row.Channel, held.Address, held.Address, $"{row.Id:N}/{row.DueAt:O}", now), null, null, outside: true, ct);
        state.Row = state.Row with { DueAt = Due(book, state, now) };
        return new(state.Row, new Held(state.Held.Address, state.Session), state.Turns, state.Messages, []);
    }

    /// <summary>A person at the desk speaks, or gives the conversation back.</summary>
    public async ValueTask<Taken> FromDesk(Work work, Book book, Conversation row, Held held, string? text, string? by, Input? then, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var state = new State(row, held);
        if (text is not null)
        {
            state.Session = state.Session with { SpokeAt = now };
            Speak(book, state, null, null, new Reply(text, [], "text", false), now, by);
        }

        if (then is not null) await Run(work, book, state, then, new Talker(row.Id, row.Channel, held.Address, held.Address, $"{row.Id:N}/{now:O}", now), null, null, outside: true, ct);
        return new(state.Row with { DueAt = Due(book, state, now) }, new Held(held.Address, state.Session), state.Turns, state.Messages, []);
    }

    private async ValueTask<bool> One(Work work, Book book, State state, Heard h, bool outside, DateTimeOffset now, CancellationToken ct)
    {
        var text = FlowWords.Safe(h.Text);
        var s = state.Session;
        var late = !s.Ended && state.Row.Content is not null && book.Find(s.Stack[^1].Flow, s.Stack[^1].Version) is var flow && (flow is null || state.Row.UpdatedAt + flow.Idle < now);
        if (state.Offers && rooms.Any(r => r.Could(text)))
        {
            if (!outside) return false;
            var waits = state.Row.State != Conversation.Flow || (!s.Ended && !late);
            if (await Offer(work, new SaidText(h.Id, state.Row.Channel, state.Held.Address, text, now) { Since = waits ? s.SpokeAt ?? state.Row.UpdatedAt : null }) is { } answer)
            {
                if (late) state.Session = s with { Stack = [], Offered = [], Values = new Dictionary<string, string>(), Lists = new Dictionary<string, IReadOnlyList<Option>>() };
                Speak(book, state, h.Id, text, answer.Length > 0 ? new Reply(answer, [], "nothing", true) : null, now);
                return true;
            }
        }

        if (state.Row.State != Conversation.Flow)
        {
            // While a person answers, only leaving is understood by the program.
            if (book.Common.Command(FlowWords.Clean(text)) is not ("menu" or "stop"))
            {
                state.Turns.Add((h.Id, new Turn(h.Media is null ? text : $"{text} 📎".Trim(), null)));
                return true;
            }

            state.Row = state.Row with { State = Conversation.Flow, Official = null, Post = null, CalledAt = null };
        }

        if (s.Rest.Count > 0 && FlowWords.Digits(text) == Saying.More)
        {
            state.Session = s with { Rest = [.. s.Rest.Skip(1)] };
            state.Turns.Add((h.Id, new Turn(text, new Reply(s.Rest[0], [], s.Rest.Count > 1 || !s.Ended ? "choice" : "nothing", s.Rest.Count == 1 && s.Ended))));
            return true;
        }

        var secret = Node(book, s)?.Ask?.Secret == true;
        state.Session = s with { Values = new Dictionary<string, string>(s.Values) { ["media"] = h.Media is { } m ? $"{h.Provider} {m.Id} {m.Name}" : "" } };
        return await Run(work, book, state, late ? new Expired(text) : new Talk.Said(text), new Talker(state.Row.Id, state.Row.Channel, state.Held.Address, state.Row.Channel == "web" ? h.To : state.Held.Address, $"{h.Id:N}", now), h.Id, secret ? "••••••" : h.Media is not null ? $"{text} 📎".Trim() : s.Offered.FirstOrDefault(o => o.Key == text)?.Label ?? text, outside, ct);
    }

    /// <summary>A room that fails, or does not take the text, leaves nothing behind.</summary>
    private async Task<string?> Offer(Work work, SaidText said)
    {
        foreach (var room in rooms)
        {
            await work.Transaction.SaveAsync("reply", work.Cancelled);
            try
            {
                if (await room.Take(work, said) is { } answer) return answer;
            }
            catch (Exception fault) when (!work.Cancelled.IsCancellationRequested)
            {
                log.LogError(fault, "text {Id} could not be taken as an answer", said.Id);
            }

            // Gives its locks back as well: an action of the flow may ask the same room on a connection of its own.
            await work.Transaction.RollbackAsync("reply", CancellationToken.None);
        }

        return null;
    }

    /// <summary>Steps, and does what the flow asks for, until there is an answer.</summary>
    private async ValueTask<bool> Run(Work work, Book book, State state, Input input, Talker who, Guid? said, string? shown, bool outside, CancellationToken ct)
    {
        var sprint = Engine.Step(book, Phrase, state.Session, input);
        for (var actions = 0; sprint.Doing is { } doing; actions++)
        {
            if (actions == MostActions || !flows.Doings.TryGetValue(doing.Name, out var kind))
            {
                sprint = Engine.Step(book, Phrase, sprint.Session, new Did("\0"));
                break;
            }

            if (kind.Outside && !outside) return false;
            sprint = Engine.Step(book, Phrase, sprint.Session, await kind.Do(new DoingCall(who with { Turn = $"{who.Turn}/{actions}" }, sprint.Session, doing.With), ct));
        }

        if (sprint.Fault is { } fault) log.LogWarning("a conversation was ended: {Code} at {Path}", fault, sprint.Session.Path.Count > 0 ? sprint.Session.Path[^1] : "");
        state.Session = sprint.Reply is null ? sprint.Session : sprint.Session with { SpokeAt = who.Now };
        if (sprint.Person) state.Row = state.Row with { State = Conversation.Waiting, CalledAt = who.Now, Official = null, Post = null };
        Speak(book, state, said, shown, sprint.Reply, who.Now);
        return true;
    }

    private void Speak(Book book, State state, Guid? said, string? shown, Reply? reply, DateTimeOffset now, string? by = null)
    {
        if (reply is not null && state.Row.Channel == "ussd")
        {
            var pages = Saying.Pages(reply, Phrase(state.Session.Language, "messaging.talk.more"));
            state.Session = state.Session with { Rest = [.. pages.Skip(1)] };
            reply = new Reply(pages[0], [], pages.Count > 1 ? "choice" : reply.Expects, reply.Ends && pages.Count == 1);
        }

        state.Turns.Add((said, new Turn(shown, reply, by)));
        if (reply is null || state.Row.Channel is not ("sms" or "whatsapp" or "telegram")) return;
        var (text, options) = Saying.For(state.Row.Channel, reply);
        IReadOnlyList<(string Text, string? Template)> pieces = state.Row.Channel == "sms" && Registers(book) ? Saying.Registered(reply, book.Registered) : [(text, null)];
        if (Demands(state.Row.Channel, state.Held.Address) && pieces.Any(p => p.Template is null))
        {
            log.LogWarning("a reply was not sent: {Code} at {Path} in {Lang}", "dlt-not-registered", state.Session.Path.Count > 0 ? state.Session.Path[^1] : "", state.Session.Lang);
            return;
        }

        foreach (var piece in pieces)
        {
            var measured = state.Row.Channel == "sms" ? Gsm7.Measure(piece.Text) : null;
            var (entity, header) = piece.Template is null ? (null, null) : (book.Registered.Entity, book.Registered.Header);
            var step = new Step(state.Row.Channel, state.Held.Address, state.Session.Lang, null, piece.Text, measured?.Encoding, measured?.Parts ?? 1, [], null, entity, header, piece.Template) { Options = options, Choose = options is null ? null : Phrase(state.Session.Language, "kernel.choose") };
            // Ids that rise keep the order in which the pieces are to go out.
            state.Messages.Add(new NewMessage(Guid.CreateVersion7(now.AddMilliseconds(state.Messages.Count)), Client.Own.Service, "live", "service", "conversation", 0, [step], state.Row.Contact, false, null, null, null, null, now, null, now + ReplyLife));
        }
    }

    /// <summary>Whether an operator would refuse this person's SMS without registration.</summary>
    private bool Demands(string channel, string address) => channel == "sms" && dltRequired && !Phone.IsAbroad(address);

    private bool Registers(Book book) => dltRequired || book.Registered.Any;

    /// <summary>What of a reply to this person no operator would carry; null when all of it goes.</summary>
    public string? Unregistered(Book book, string channel, string address, Reply reply) => Demands(channel, address) ? Unregistered(book, reply) : null;

    /// <summary>What of a reply is not registered, where this installation or its pack knows of registration.</summary>
    public string? Unregistered(Book book, Reply reply) => Registers(book) ? Saying.Registered(reply, book.Registered).FirstOrDefault(p => p.Template is null).Text : null;

    private static bool Floods(State state, DateTimeOffset at, out bool tell)
    {
        var minute = at.ToUnixTimeSeconds() / 60;
        var s = state.Session;
        if (s.Minute != minute) s = s with { Minute = minute, InMinute = 0, Told = false };
        s = s with { InMinute = s.InMinute + 1 };
        tell = s.InMinute > MostInMinute && !s.Told;
        state.Session = tell ? s with { Told = true } : s;
        return s.InMinute > MostInMinute;
    }

    private static Node? Node(Book book, Session s) => s.Stack.Count > 0 && s.Stack[^1] is { At: { } at } frame ? book.Find(frame.Flow, frame.Version)?.Nodes.GetValueOrDefault(at) : null;

    private static DateTimeOffset? Due(Book book, State state, DateTimeOffset now) => state.Row.State == Conversation.Flow && Node(book, state.Session)?.Ask?.After is { } after ? now + after : null;

    /// <summary>Of one who was never heard before: by the script.</summary>
    private static string Guess(Conversation row, string text) =>
        row.Lang != "en" ? row.Lang : text.Any(c => c is >= '\u0600' and <= '\u06FF') ? Lang.Ur.Code : text.Any(c => c is >= '\u0900' and <= '\u097F') ? Lang.Hi.Code : row.Lang;

    private sealed class State(Conversation row, Held held)
    {
        public Conversation Row { get; set; } = row;

        public Held Held { get; } = held;

        public bool Offers { get; init; }

        public Session Session { get; set; } = held.Session;

        public List<(Guid? Said, Turn Turn)> Turns { get; } = [];

        public List<NewMessage> Messages { get; } = [];
    }
}
