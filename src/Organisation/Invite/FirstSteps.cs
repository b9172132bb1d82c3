using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Onboard;

namespace Sahulat.Organisation.Invite;

/// <summary>Follows who signed in for the first time and who moved a first file, who came in by the identity system, and whose account was removed.</summary>
internal sealed class FirstSteps(OrganisationDirectory directory) : IFollower
{
    public string Name => "organisation.onboarding";

    public IReadOnlyCollection<string> Kinds { get; } = [FirstSignedIn.Kind, OfficeItemMoved.Kind, AccountOpened.Kind, AccountRemoved.Kind, PostTaken.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var moved = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var taken = new Dictionary<Guid, Post>();
        foreach (var entry in entries)
        {
            if (entry.Kind == OfficeItemMoved.Kind)
            {
                if (!entry.Stream.StartsWith("file/", StringComparison.Ordinal) || Mover(entry.Actor) is not { } by) continue;
                moved.TryAdd(by.Official.ToString(), entry.At);
                if (directory.Post(by.Post) is { } post) moved.TryAdd(post.Office, entry.At);
            }
            else if (entry.Kind == FirstSignedIn.Kind)
            {
                await work.Execute("insert into organisation.onboarding_first (subject, signed_in_at) values (@subject, @At) on conflict (subject) do update set signed_in_at = least(onboarding_first.signed_in_at, excluded.signed_in_at)", new { subject = Subject(entry), entry.At });
            }
            else if (entry.Kind == AccountOpened.Kind)
            {
                if (entry.As<AccountOpened>().By == "scim") await Opened(work, entry);
            }
            else if (entry.Kind == AccountRemoved.Kind)
            {
                await work.Execute("update organisation.onboarding set ended_on = @on where kind = 'user' and official = @official::uuid and ended_on is null", new { official = Subject(entry), on = Ist.DateIn(entry.At) });
            }
            else if (directory.Post(entry.Subject) is { } post)
            {
                taken.TryAdd(entry.As<PostTaken>().Official, post);
            }
        }

        if (taken.Count > 0)
            await work.Execute("""
                update organisation.onboarding o set post = n.post, office = n.office, place = n.place from unnest(@officials, @posts, @offices, @places) as n(official, post, office, place)
                where o.kind = 'user' and o.official = n.official and o.post is null
                """, new { officials = taken.Keys.ToArray(), posts = taken.Values.Select(p => p.Code).ToArray(), offices = taken.Values.Select(p => p.Office).ToArray(), places = taken.Values.Select(p => p.Place).ToArray() });
        if (moved.Count > 0)
            await work.Execute("insert into organisation.onboarding_first (subject, moved_at) select * from unnest(@subjects, @ats) on conflict (subject) do update set moved_at = least(onboarding_first.moved_at, excluded.moved_at)", new { subjects = moved.Keys.ToArray(), ats = moved.Values.Select(v => v.UtcDateTime).ToArray() });
    }

    /// <summary>Known by the account alone, until a list names the employee; belongs to no phase.</summary>
    private async Task Opened(Work work, JournalEntry entry)
    {
        var official = Guid.Parse(entry.Subject);
        await work.Execute("""
            insert into organisation.onboarding (kind, key, phase, place, official, digest, imported_at) select 'user', @key, 0, @place, @official, '', @At
            where not exists (select from organisation.onboarding where kind = 'user' and official = @official) on conflict do nothing
            """, new { key = Onboarding.FirstKey(official), official, entry.At, place = directory.OfKind("ut").Concat(directory.OfKind("state")).First().Code });
    }

    private static string Subject(JournalEntry entry) => Guid.Parse(entry.Subject).ToString();

    private static (string Post, Guid Official)? Mover(string actor) =>
        actor.StartsWith("post:", StringComparison.Ordinal) && actor.LastIndexOf('/') is > 5 and var slash && Guid.TryParse(actor[(slash + 1)..], out var official) ? (actor[5..slash], official) : null;
}
