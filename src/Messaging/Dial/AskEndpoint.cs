using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Receive;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Dial;

/// <summary><c>/hooks/talk/{provider}</c>: gateways whose caller waits for the answer.</summary>
internal static class AskEndpoint
{
    private const int MaxBody = 16 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapMethods("/hooks/talk/{provider}", ["GET", "POST"], Take).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> Take(HttpContext http, string provider, Accounts accounts, Asking asking, CancellationToken ct)
    {
        if (accounts.Find(provider) is not { Provider: IDialled dialled } account) return Results.NotFound();
        if (http.Request.ContentLength > MaxBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await http.Request.Body.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (body.Length + read > MaxBody) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
            body.Write(buffer, 0, read);
        }

        var headers = http.Request.Headers.Where(h => h.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase) || h.Key == "Content-Type").ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new HookCall(http.Request.Method, "", http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal), headers, body.ToArray());
        if (!dialled.Verify(call)) return Results.StatusCode(StatusCodes.Status403Forbidden);
        Keyed keyed;
        try
        {
            keyed = dialled.Read(call);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        var (reply, lang) = await asking.Ask(account.Name, new Deliver.Said(keyed.Once, account.Settings.Channel, keyed.From, "", keyed.Text), Lang.En, ct);
        var (type, answer) = dialled.Answer(reply, lang, $"{http.Request.Path}{http.Request.QueryString}");
        return Results.Text(answer, type);
    }
}

/// <summary>Says something into a conversation and waits for the answer. The same message again gets the same answer.</summary>
internal sealed class Asking(Database database, Vault vault, Incoming incoming, ConversationStore store, Conversations conversations, Answering answering, TimeProvider time)
{
    public async Task<(Reply Reply, Lang Lang)> Ask(string provider, Deliver.Said said, Lang lang, CancellationToken ct)
    {
        var id = Conversation.IdOf(vault, said.Channel, said.From);
        await database.Write(work => incoming.Write(work, [(provider, said)], time.GetUtcNow(), lang.Code), ct);
        // What is kept is answered, whether or not the caller still waits.
        await conversations.Now(id, CancellationToken.None);
        var heard = await database.One<Guid>("select id from messaging.incoming where provider = @provider and external = @External", new { provider, said.External }, ct);
        var lines = await store.Lines(database, id, 1, ct, said: heard);
        var row = await ConversationStore.Find(database, id, ct);
        var spoken = Lang.Find(row?.Lang) ?? lang;
        return (lines.Count > 0 && lines[0].Turn.Reply is { } reply ? reply : new Reply(answering.Phrase(spoken, row?.State == Conversation.Flow ? "messaging.talk.too-fast" : "messaging.talk.wait"), [], "nothing", true), spoken);
    }
}
