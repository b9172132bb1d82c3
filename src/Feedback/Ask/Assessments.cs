using System.Globalization;
using Sahulat.Feedback.Questions;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Ask;

/// <param name="Case">Null for a matter of another department's system, which <paramref name="System"/> then names.</param>
/// <param name="Name">Of the person; only its first letters are kept, sealed.</param>
internal sealed record Opening(Guid Id, Guid? Case, string? System, string? Key, byte[]? Digest, Guid Person, string Mobile, string Reference, string Service, string Place, string? Office, DateOnly EndedOn, string Lang, string? Name, string? Email);

/// <summary>Opens assessments. What has to be sent is sent after the commit (<see cref="Asking"/>).</summary>
internal sealed class Assessments(Vault vault, Links links, QuestionStore questions, TimeProvider time)
{
    /// <returns>How many are new.</returns>
    public async Task<int> Open(Work work, IReadOnlyList<Opening> openings)
    {
        if (openings.Count == 0) return 0;
        var now = time.GetUtcNow();
        var expires = now + TimeSpan.FromDays((await questions.Current(work.Cancelled)).ExpiresDays);
        var keys = await vault.Keys(work, [.. openings.Select(o => o.Person).Distinct()], Seals.Retention);
        return await work.Execute("""
            insert into feedback.assessment (id, case_id, system, idem_key, idem_digest, person, contact, reference, service, place, office, ended_on, lang, token, content, opened_at, expires_at, next_at)
            select n.id, n.case_id, n.system, n.idem_key, n.idem_digest, n.person, n.contact, n.reference, n.service, n.place, n.office, n.ended_on::date, n.lang, n.token, n.content, @now, @expires, @now
            from unnest(@ids::uuid[], @cases::text[]::uuid[], @systems::text[], @idems::text[], @digests::bytea[], @persons::uuid[], @contacts::bytea[], @references::text[], @services::text[], @places::text[], @offices::text[], @ended::text[], @langs::text[], @tokens::bytea[], @contents::bytea[])
              as n(id, case_id, system, idem_key, idem_digest, person, contact, reference, service, place, office, ended_on, lang, token, content)
            on conflict do nothing
            """, new
        {
            now, expires,
            ids = openings.Select(o => o.Id).ToArray(), cases = openings.Select(o => o.Case?.ToString()).ToArray(), systems = openings.Select(o => o.System).ToArray(), idems = openings.Select(o => o.Key).ToArray(), digests = openings.Select(o => o.Digest).ToArray(),
            persons = openings.Select(o => o.Person).ToArray(), contacts = openings.Select(o => Seals.Contact(vault, o.Mobile)).ToArray(), references = openings.Select(o => o.Reference).ToArray(), services = openings.Select(o => o.Service).ToArray(),
            places = openings.Select(o => o.Place).ToArray(), offices = openings.Select(o => o.Office).ToArray(), ended = openings.Select(o => o.EndedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray(), langs = openings.Select(o => o.Lang).ToArray(),
            tokens = openings.Select(o => links.Hash(o.Id)).ToArray(), contents = openings.Select(o => Seals.Seal(vault, keys[o.Person], o.Id, new Sealed(Seals.Mask(o.Name), o.Email))).ToArray(),
        });
    }
}
