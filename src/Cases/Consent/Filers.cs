using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Consent;

/// <summary>Who fills in a request: the citizen, or an operator whom he let do it.</summary>
/// <param name="Given">The consent; null for the citizen himself.</param>
internal sealed record Filer(Guid Citizen, Actor Actor, ConsentRow? Given)
{
    public bool AtCounter => Given is not null;

    public string? OnBehalf => Given is null ? null : Actor.Citizen(Citizen).Token;

    /// <summary>Where the pages of the request are.</summary>
    public string Base(Guid draft) => AtCounter ? $"/desk/counter/{draft:N}" : $"/apply/{draft:N}";
}

internal sealed class Filers(Consents consents, IOrganisation organisation, TimeProvider time)
{
    /// <summary>Who may fill in this request; null when the caller may not.</summary>
    public async Task<Filer?> Of(HttpContext http, Guid draft, CancellationToken ct) => http.Caller() switch
    {
        CitizenCaller citizen => new Filer(citizen.Id, citizen.Actor, null),
        OfficialCaller official when await consents.Open(draft, official.Id, ct) is { Citizen: { } citizen } consent && official.Holds(organisation, consent.Post, Ist.Today(time)) => new Filer(citizen, official.As(consent.Post), consent),
        _ => null,
    };
}
