using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Receive;

/// <summary>A free answer to what a person just wrote, the same way back, once, in the commit of what was written. No operator in India carries free text as SMS where registration is required: such an answer must be a template, and is the room's own message.</summary>
internal sealed class SayBack(AcceptBatch accept, Vault vault, IConfiguration configuration, ILogger<SayBack> log)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public async Task Say(Work work, SaidText said, string text)
    {
        var sms = said.Channel == "sms";
        if (sms && configuration["Sahulat:Messaging:Dlt"] == "required" && !Phone.IsAbroad(said.From))
        {
            log.LogWarning("the answer to text {Id} has no registered template and is not sent", said.Id);
            return;
        }

        var measured = sms ? Gsm7.Measure(text) : null;
        var step = new Step(said.Channel, said.From, Lang.En.Code, null, text, measured?.Encoding, measured?.Parts ?? 1, [], null, null, null, null);
        var once = $"said-back/{said.Id:N}";
        await accept.Write(work, [new NewMessage(Guid.CreateVersion7(said.At), Client.Own.Service, "live", "service", "said-back", 0, [step], vault.BlindIndex("messaging.contact", said.From), false, null, null, once, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(once)), said.At, null, said.At + Life)]);
    }
}
