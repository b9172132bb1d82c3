using Sahulat.Contracts.Access;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Attend;

/// <summary>A conversation as the list of the desk shows it.</summary>
internal sealed record Called(Guid Id, string Channel, string State, string Lang, Guid? Official, DateTimeOffset? CalledAt, DateTimeOffset? HeardAt);

/// <summary>Officials who answer where the program cannot: those of a service centre. What was said is opened only while a person is called for.</summary>
internal sealed class Attending(Database database, Conversations conversations, ConversationStore store, Answering answering, IOrganisation organisation, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>Meta carries free words only within a day of the person's last message.</summary>
    private static readonly TimeSpan WhatsAppWindow = TimeSpan.FromHours(24);

    public async Task<(IReadOnlyList<Called> Rows, int Waiting, int Mine)> List(OfficialCaller who, string box, int page, CancellationToken ct)
    {
        var rows = await database.Query<Called>("""
            select id, channel, state, lang, official, called_at, heard_at from messaging.conversation
            where (@box = 'waiting' and state = 'waiting') or (@box = 'mine' and state = 'person' and official = @Id) order by called_at limit @PageSize offset @skip
            """, new { box, who.Id, PageSize, skip = (page - 1) * PageSize }, ct);
        var (waiting, mine) = await database.One<(int, int)>("select count(*) filter (where state = 'waiting')::int, count(*) filter (where state = 'person' and official = @Id)::int from messaging.conversation where state <> 'flow'", new { who.Id }, ct);
        return (rows, waiting, mine);
    }

    /// <summary>Null for one in which nobody called for a person.</summary>
    public async Task<(Conversation Row, IReadOnlyList<(long Position, DateTimeOffset At, Turn Turn)> Lines)?> Open(Guid id, CancellationToken ct) =>
        await ConversationStore.Find(database, id, ct) is { State: not Conversation.Flow } row ? (row, await store.Lines(database, id, 200, ct)) : null;

    public Task<Result<Done>> Take(Guid id, OfficialCaller who, CancellationToken ct) => conversations.With(id, async (work, book, row, held) =>
    {
        if (row.State != Conversation.Waiting) return MessageProblems.TalkTaken;
        if (PostOf(who) is not { } post) return Problem.Forbidden;
        await work.Append(Stream(id), null, new TalkTaken(post, row.Channel), who.As(post), time.GetUtcNow());
        return await answering.FromDesk(work, book, row with { State = Conversation.Person, Official = who.Id, Post = post }, held, null, null, null, ct);
    }, ct);

    public Task<Result<Done>> Reply(Guid id, OfficialCaller who, string? text, CancellationToken ct) => conversations.With(id, async (work, book, row, held) =>
    {
        var words = FlowWords.Safe(text?.ReplaceLineEndings(" "));
        if (Mine(row, who) is { } refused) return refused;
        if (words.Length == 0) return Problem.Invalid([new Fault("text", "required")]);
        if (words.Length > 1000) return Problem.Invalid([new Fault("text", "too-long", 1000)]);
        if (row.Channel is "ussd" or "voice") return MessageProblems.TalkCannotReach;
        if (row.Channel == "whatsapp" && row.HeardAt + WhatsAppWindow < time.GetUtcNow()) return MessageProblems.TalkWindowClosed;
        if (answering.Unregistered(book, row.Channel, held.Address, new Reply(words, [], "text", false)) is not null) return MessageProblems.TalkNotRegistered;
        return await answering.FromDesk(work, book, row, held, words, organisation.Post(row.Post!)?.Name.In(held.Session.Language) ?? row.Post, null, ct);
    }, ct);

    /// <param name="to">flow, waiting or closed.</param>
    public Task<Result<Done>> Return(Guid id, OfficialCaller who, string to, CancellationToken ct) => conversations.With(id, async (work, book, row, held) =>
    {
        if (Mine(row, who) is { } refused) return refused;
        await work.Append(Stream(id), null, new TalkReturned(row.Post!, to), who.As(row.Post!), time.GetUtcNow());
        var freed = row with { Official = null, Post = null, State = to == Conversation.Waiting ? Conversation.Waiting : Conversation.Flow, CalledAt = to == Conversation.Waiting ? row.CalledAt : null };
        var closed = to == "closed" ? held with { Session = held.Session with { Stack = [], Offered = [], Values = new Dictionary<string, string>(), Lists = new Dictionary<string, IReadOnlyList<Option>>() } } : held;
        return await answering.FromDesk(work, book, freed, closed, null, null, to == Conversation.Flow ? HandedBack.It : null, ct);
    }, ct);

    private static Problem? Mine(Conversation row, OfficialCaller who) => row.State == Conversation.Person && row.Official == who.Id ? null : MessageProblems.TalkNotYours;

    private string? PostOf(OfficialCaller who) => organisation.PostsOf(who.Id, Ist.Today(time)).FirstOrDefault(p => organisation.Post(p)?.Designation == Designations.Operator);

    private static string Stream(Guid id) => $"talk/{id:N}";
}
