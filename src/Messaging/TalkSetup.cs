using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Messaging.Dial;
using Sahulat.Messaging.Attend;
using Sahulat.Messaging.Converse;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Doings;
using Sahulat.Messaging.Flows;
using Sahulat.Messaging.Rehearse;
using Sahulat.Messaging.Talk;
using Sahulat.Messaging.WebChat;

namespace Sahulat.Messaging;

internal static class TalkSetup
{
    public static void MapConversations(this IEndpointRouteBuilder app)
    {
        AskEndpoint.Map(app);
        TalkStream.Map(app);
    }

    public static void AddConversations(this IServiceCollection services)
    {
        services.AddSingleton<IDoings, ServiceDoings>();
        services.AddSingleton<IDoings, PlaceDoings>();
        services.AddSingleton<IDoings, PersonDoings>();
        services.AddSingleton<IDoings, FormDoings>();
        services.AddSingleton<IDoings, CaseDoings>();
        services.AddSingleton<IDoings, VoiceDoings>();
        services.AddSingleton<FlowStore>();
        services.AddSingleton<IPackLoader>(s => s.GetRequiredService<FlowStore>());
        services.AddSingleton<ITalk>(s => s.GetRequiredService<FlowStore>());
        services.AddSingleton<TalkSignal>();
        services.AddSingleton<ConversationStore>();
        services.AddSingleton<Answering>();
        services.AddSingleton<Conversations>();
        services.AddHostedService(s => s.GetRequiredService<Conversations>());
        services.AddHostedService<TalkNews>();
        services.AddSingleton(ProviderKind.Of<Ussd>("ussd"));
        services.AddSingleton(ProviderKind.Of<Voice>("voice"));
        services.AddSingleton<Asking>();
        services.AddSingleton<WebTalk>();
        services.AddSingleton<Attending>();
        services.AddSingleton<Rehearsal>();
    }
}
