using Sahulat.Messaging.Deliver;

namespace Sahulat.Messaging.Screen;

/// <summary>The provider of development: what is handed to it is seen on the page <c>/outbox</c> and goes nowhere.</summary>
internal sealed class ScreenProvider(ProviderSettings settings) : IProvider
{
    public bool TakesKey => settings.Name.Length > 0;

    public Task<Handed> Send(Outgoing message, CancellationToken ct) => Task.FromResult(new Handed(Hand.Delivered));
}
