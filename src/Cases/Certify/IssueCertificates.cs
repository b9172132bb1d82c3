using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Sahulat.Cases.Revoke;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Certify;

/// <summary>Gives every approved request of a service with a certificate its number, once. <see cref="Press"/> prints it. A request that is sent back loses the certificate of the decision that was set aside; what is approved then replaces it.</summary>
internal sealed class IssueCertificates(IServiceDirectory services, IOrganisation organisation) : IFollower
{
    public string Name => "cases.certify";

    public IReadOnlyCollection<string> Kinds => [CaseDecided.Kind, CaseRemanded.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var concerned = entries.Where(e => e.Kind == CaseRemanded.Kind || e.As<CaseDecided>().Outcome == CaseState.Approved).Select(e => (Id: Guid.ParseExact(e.Subject, "N"), Entry: e)).ToArray();
        if (concerned.Length == 0) return;
        var cases = (await work.Query<(Guid Id, string Service, int Version, string Place, string Lang)>("""
            select c.id, c.service, c.service_version, c.place, coalesce(t.lang, 'en') from cases."case" c left join cases.content t on t.case_id = c.id where c.id = any(@ids) and c.type = 'application'
            """, new { ids = concerned.Select(a => a.Id).Distinct().ToArray() })).ToDictionary(c => c.Id);
        foreach (var (id, entry) in concerned)
        {
            if (!cases.TryGetValue(id, out var c)) continue;
            // A node that has not loaded the version yet tries again.
            var service = services.FindVersion(c.Service, c.Version) ?? throw new InvalidOperationException($"service {c.Service} {c.Version} is not loaded");
            if (service.Certificate is not { } template) continue;
            if (entry.Kind == CaseRemanded.Kind)
            {
                await SetAside(work, id, entry);
                continue;
            }

            var body = entry.As<CaseDecided>();
            var replaces = await work.One<string>("select number from cases.certificate t where case_id = @id and revoked_at is not null and not exists (select from cases.certificate n where n.replaces = t.number)", new { id });
            await Add(work, id, organisation.GovernmentOf(c.Place), c.Lang, body.Post, body.On, template.ValidYears > 0 ? body.On.AddYears(template.ValidYears).AddDays(-1) : null, entry.At, replaces, null);
        }
    }

    private static async Task SetAside(Work work, Guid id, JournalEntry remanded)
    {
        foreach (var number in await work.Query<string>("update cases.certificate set revoked_at = @At, revoked_for = @reason, revoked_by = @Actor where case_id = @id and state <> 'erased' and revoked_at is null returning number",
            new { remanded.At, reason = RevokeAct.SetAside, remanded.Actor, id }))
            await Certificates.Journal(work, id, new CertificateRevoked(number, RevokeAct.SetAside), new Actor(remanded.Actor), remanded.At);
    }

    /// <summary>A certificate to print. A case has one that replaces none, and each is replaced once.</summary>
    /// <returns>Its number; null when there is one already.</returns>
    public static Task<string?> Add(Work work, Guid caseId, Government? of, string lang, string? post, DateOnly on, DateOnly? expires, DateTimeOffset at, string? replaces, byte[]? corrections) => work.One<string>("""
        insert into cases.certificate (case_id, number, token, lang, post, issued_on, expires_on, queued_at, due_at, replaces, corrections)
        values (@caseId, @number, @token, @lang, @post, @on, @expires, @at, @at, @replaces, @corrections) on conflict do nothing returning number
        """, new
    {
        caseId, number = Reference.NewCertificate(on, of), token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16)), lang, post, on,
        expires, at, replaces, corrections,
    });
}
