using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Messaging;
using Sahulat.Feedback.Ask;
using Sahulat.Feedback.Count;
using Sahulat.Feedback.Publish;
using Sahulat.Feedback.Questions;
using Sahulat.Feedback.Rate;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Feedback;

/// <summary>Rapid assessment: what people say of the service they got, after every disposal.</summary>
public sealed class FeedbackModule : IModule
{
    public string Name => "feedback";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<QuestionStore>();
        services.AddSingleton<IPackLoader>(s => s.GetRequiredService<QuestionStore>());
        services.AddSingleton<Links>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<Assessments>();
        services.AddSingleton<AskFor>();
        services.AddSingleton<IFollower, OpenOnDisposal>();
        services.AddSingleton<Asking>();
        services.AddHostedService(s => s.GetRequiredService<Asking>());
        services.AddSingleton<Rating>();
        services.AddSingleton<IReplies, Keypad>();
        services.AddSingleton<Dimensions>();
        services.AddSingleton<IFollower, Tallies>();
        services.AddSingleton<Scores>();
        services.AddHostedService<Forget.Forgetting>();
        services.AddSingleton<IDemo, Demo.DemoRatings>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        AskEndpoint.Map(app);
        RatingsEndpoint.Map(app);
    }
}
