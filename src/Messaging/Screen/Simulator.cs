using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Receive;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Screen;

/// <summary>Takes what is sent with a test key or to a fixed number. Everything up to here and after is as with a real provider, the receipt too.</summary>
internal sealed class Simulator(ProviderSettings settings, IServiceProvider services) : IProvider, IHook
{
    public bool TakesKey => true;

    public async Task<Handed> Send(Outgoing message, CancellationToken ct)
    {
        var outcome = Phone.Fixed.GetValueOrDefault(message.Step.To) ?? Email.Fixed(message.Step.To) ?? Status.Delivered;
        if (outcome != "no-receipt")
            await services.GetRequiredService<Receipts>().Keep(settings.Name, new HookCall("POST", "", [], [], JsonSerializer.SerializeToUtf8Bytes(new Receipt(message.Id, outcome))), this, ct);
        return Handed.Ok;
    }

    public HttpStatusCode Verify(HookCall call, out string? response)
    {
        response = null;
        return HttpStatusCode.Forbidden;
    }

    public HookRead Read(HookCall call) => JsonSerializer.Deserialize<Receipt>(call.Body) is { } r ? new([new(r.Id, null, r.Outcome)], []) : HookRead.Nothing;

    private sealed record Receipt(Guid Id, string Outcome);
}
