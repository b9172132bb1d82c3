using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Flows;

namespace Sahulat.Messaging.Attend;

/// <summary>One conversation in which a person is called for: read it, take it, answer, give it back.</summary>
[Authorize(Policy = Policies.Operator)]
internal sealed class TalkCaseModel(Attending attending, FlowStore flows) : SahulatPage
{
    public Conversation Row { get; private set; } = null!;

    public IReadOnlyList<(long Position, DateTimeOffset At, Turn Turn)> Lines { get; private set; } = [];

    public IReadOnlyList<(string Key, string Text)> Ready { get; private set; } = [];

    public string? Chosen { get; private set; }

    public Lang Spoken => Lang.Find(Row.Lang) ?? Lang.En;

    public bool Own => Row.State == Conversation.Person && Row.Official == Who.Id;

    private OfficialCaller Who => (OfficialCaller)HttpContext.Caller();

    public async Task<IActionResult> OnGet(Guid id, string? ready, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        Chosen = Ready.FirstOrDefault(r => r.Key == ready).Text;
        return Page();
    }

    public async Task<IActionResult> OnPost(Guid id, [FromForm] string? act, [FromForm] string? text, CancellationToken ct)
    {
        if (!await Load(id, ct)) return Refuse(Problem.NotFound);
        var done = act switch
        {
            "take" => await attending.Take(id, Who, ct),
            "reply" => await attending.Reply(id, Who, text, ct),
            "flow" or "waiting" or "closed" => await attending.Return(id, Who, act, ct),
            _ => Problem.Invalid([new Fault("act", "not-a-choice")]),
        };
        if (!done.Ok) return Refuse(done.Problem);
        return Go(act is "take" or "reply" ? $"/desk/talk/{id}" : "/desk/talk?box=mine");
    }

    private async Task<bool> Load(Guid id, CancellationToken ct)
    {
        if (await attending.Open(id, ct) is not { } open) return false;
        (Row, Lines) = open;
        // Ready replies are in the language of the person, not of the official.
        Ready = [.. (await flows.Book(ct)).Common.Replies.Select(r => (r.Key, r.Value.In(Spoken)))];
        return true;
    }
}
