using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;

namespace Sahulat.Access.Officials;

internal sealed record MayFile : IAuthorizationRequirement;

/// <summary>Citizens, and who today holds the post of an operator. For whom an operator may file, the consent says.</summary>
internal sealed class FilerPolicy(IOrganisation organisation, TimeProvider time) : AuthorizationHandler<MayFile>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, MayFile requirement)
    {
        var may = context.User.Caller() switch
        {
            CitizenCaller => true,
            OfficialCaller official => organisation.PostsOf(official.Id, Ist.Today(time)).Any(p => organisation.Post(p)?.Designation == Designations.Operator),
            _ => false,
        };
        if (may) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
