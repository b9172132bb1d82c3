using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.WebChat;

/// <summary>The conversation on the portal: plain forms first; with JavaScript what is new appears by itself.</summary>
[RequestSizeLimit(64 * 1024)]
internal sealed class TalkPageModel(WebTalk talk, ITalk flows) : SahulatPage
{
    public IReadOnlyList<(long Position, DateTimeOffset At, Turn Turn)> Lines { get; private set; } = [];

    public Conversation? Row { get; private set; }

    public Lang Spoken => Lang.Find(Row?.Lang) ?? Lang;

    public bool WithPerson => Row is { State: not Conversation.Flow };

    /// <summary>What may be chosen now: only what was offered last.</summary>
    public IReadOnlyList<Option> Options => !WithPerson && Lines.Count > 0 && Lines[^1].Turn.Reply is { } reply ? reply.Options : [];

    public long Newest => Lines.Count > 0 ? Lines[^1].Position : 0;

    public async Task<IActionResult> OnGet(CancellationToken ct)
    {
        if (!await flows.Open(ct)) return Refuse(Kernel.Problem.NotFound);
        await Load(ct);
        return Page();
    }

    public async Task<IActionResult> OnPost([FromForm] string? say, [FromForm] string? text, [FromForm] string? once, CancellationToken ct)
    {
        if (!await flows.Open(ct)) return Refuse(Kernel.Problem.NotFound);
        var words = string.IsNullOrEmpty(say) ? text?.Trim() ?? "" : say;
        if (words.Length == 0)
        {
            await Load(ct);
            return Refuse(Kernel.Problem.Invalid([new Kernel.Fault("text", "required")]));
        }

        if (!await talk.Say(HttpContext, words, once, Lang, ct))
        {
            await Load(ct);
            return Refuse(MessageProblems.TalkTooFast);
        }

        return Go("/talk#say");
    }

    private async Task Load(CancellationToken ct)
    {
        // One address for each conversation: another's must never be shown from a cache.
        Response.Headers.CacheControl = "no-cache, no-store";
        if (WebTalk.Token(HttpContext) is { } token) (Lines, Row) = await talk.Lines(token, ct);
    }
}
