using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Api;
using Sahulat.Messaging.Batches;
using Sahulat.Messaging.Chat;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Mail;
using Sahulat.Messaging.Notify;
using Sahulat.Messaging.Push;
using Sahulat.Messaging.Receive;
using Sahulat.Messaging.Screen;
using Sahulat.Messaging.Sms;
using Sahulat.Messaging.Tell;
using Sahulat.Messaging.Templates;

namespace Sahulat.Messaging;

/// <summary>Messages to people for Sahulat and for other departments' systems: templates, queue, providers, receipts.</summary>
public sealed class MessagingModule : IModule
{
    public string Name => "messaging";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<TemplateStore>();
        services.AddSingleton<IPackLoader>(s => s.GetRequiredService<TemplateStore>());
        services.AddSingleton<ServiceKeys>();
        services.AddSingleton<IMessageKeys>(s => s.GetRequiredService<ServiceKeys>());
        services.AddSingleton<IDemo, DemoDepartment>();
        services.AddHostedService<Forgetting>();
        services.AddSingleton<Limits>();
        services.AddSingleton<Preparation>();
        services.AddSingleton<AcceptBatch>();
        services.AddSingleton<IMessageGateway, OwnGateway>();
        services.AddSingleton<MessageView>();
        services.AddSingleton<NotifyAuth>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<PlaceRows>();
        services.AddSingleton<BatchRun>();
        services.AddHostedService(s => s.GetRequiredService<BatchRun>());
        services.AddSingleton<Events>();
        services.AddSingleton<CallbackSender>();
        services.AddHostedService(s => s.GetRequiredService<CallbackSender>());

        services.AddSingleton(ProviderKind.Of<ScreenProvider>("screen"));
        services.AddSingleton(ProviderKind.Of<Simulator>(Lanes.Simulator));
        services.AddSingleton(ProviderKind.Of<Kannel>("kannel"));
        services.AddSingleton(ProviderKind.Of<MobileSeva>("mobile-seva"));
        services.AddSingleton(ProviderKind.Of<NicGateway>("nic"));
        services.AddSingleton(ProviderKind.Of<SmtpChannel>("smtp"));
        services.AddSingleton(ProviderKind.Of<WhatsApp>("whatsapp"));
        services.AddSingleton(ProviderKind.Of<Telegram>("telegram"));
        services.AddSingleton(ProviderKind.Of<WebPush>("web-push"));
        services.AddSingleton<Accounts>();
        services.AddSingleton<QueueStore>();
        services.AddSingleton<StatusWriter>();
        services.AddSingleton<Handover>();
        services.AddSingleton<Incoming>();
        services.AddSingleton<Receipts>();
        services.AddHostedService(s => s.GetRequiredService<Receipts>());
        services.AddHostedService<TelegramUpdates>();
        services.AddSingleton<Dispatcher>();
        services.AddHostedService(s => s.GetRequiredService<Dispatcher>());
        services.AddConversations();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        HookEndpoint.Map(app);
        MessagesEndpoint.Map(app);
        SettingsEndpoint.Map(app);
        BatchEndpoint.Map(app);
        NotifySend.Map(app);
        NotifyRead.Map(app);
        app.MapConversations();
    }
}
