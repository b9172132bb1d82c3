using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Access.Officials;

/// <summary>Holds a post of one of the designations today, in any way.</summary>
internal sealed record HoldsDesignation(params IReadOnlyList<string> Designations) : IAuthorizationRequirement;

/// <summary>Asked anew for each request: who is relieved of a post loses it at once, whatever his cookie says.</summary>
internal sealed class PostPolicy(IOrganisation organisation, TimeProvider time) : AuthorizationHandler<HoldsDesignation>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, HoldsDesignation requirement)
    {
        if (context.User.Caller() is OfficialCaller official
            && organisation.PostsOf(official.Id, Ist.Today(time)).Any(p => organisation.Post(p) is { } post && requirement.Designations.Contains(post.Designation)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
