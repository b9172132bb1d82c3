using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Templates;

namespace Sahulat.Messaging.Accept;

/// <summary>Sahulat's own notices: through the same engine as everybody's.</summary>
internal sealed class OwnGateway(TemplateStore templates, Preparation preparation, AcceptBatch accept, Accounts accounts, Database database, TimeProvider time, ILogger<OwnGateway> log) : IMessageGateway
{
    public bool Serves(string channel) => accounts.Of(channel).Count > 0;

    public async Task Send(IReadOnlyList<OutgoingMessage> messages, CancellationToken ct)
    {
        var prepared = new List<NewMessage>(messages.Count);
        foreach (var message in messages)
        {
            if (await templates.Find(message.Template, null, ct) is not { } template) throw new InvalidOperationException($"there is no message template '{message.Template}'");
            var values = template.Variables.Zip(message.Values).ToDictionary(v => v.First.Name, v => v.Second);
            var request = new MessageRequest(template.Key, template.Version == 0 ? null : template.Version, new Recipient(message.Mobile, message.Email), Lang.Find(message.Lang) ?? Lang.En, values, message.Tell ? message.Reference : null, Served(message.Channels), File: message.File);
            var once = $"{message.Reference}/{message.Template}";
            var one = await preparation.Prepare(Client.Own, request, null, once, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(once)), ct);
            if (one.Ok)
            {
                prepared.Add(one.Value with { Tell = message.Tell });
                continue;
            }

            log.LogError("a notice by template {Template} cannot be sent: {Code} {Faults}", message.Template, one.Problem.Code, string.Join(", ", one.Problem.Faults.Select(f => $"{f.Pointer} {f.Code}")));
            if (message.Tell) await database.Write(work => work.Append($"message/{Guid.CreateVersion7(time.GetUtcNow()):N}", 0, new MessageTold(message.Reference, "failed", null, one.Problem.Faults is [var fault, ..] ? fault.Code : one.Problem.Code), Actor.Sahulat("messaging"), time.GetUtcNow()), ct);
        }

        if (prepared.Count == 0) return;
        if (prepared.Count == 1) await accept.Accept(prepared[0], ct);
        else await database.Write(work => accept.WriteNow(work, prepared), ct);
    }

    private string[]? Served(IReadOnlyList<string>? channels) => channels?.Where(Serves).ToArray() is { Length: > 0 } served ? served : null;
}
