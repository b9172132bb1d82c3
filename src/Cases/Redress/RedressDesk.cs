using Sahulat.Cases.Alike;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Redress;

/// <summary>What an officer may choose from on one grievance.</summary>
/// <param name="Latest">The law's absolute limit; null where no interim reply moves the date.</param>
/// <param name="Alike">Others that seem to be about the same matter.</param>
/// <param name="Head">Reference of the one whose answer it waits for.</param>
/// <param name="Joined">References of those that wait for this one's answer.</param>
internal sealed record RedressChoices(IReadOnlyList<Choice> Dispositions, IReadOnlyList<Choice> Offices, IReadOnlyList<Choice> Subjects, DateOnly? Latest, IReadOnlyList<AlikeGrievance> Alike, string? Head, IReadOnlyList<string> Joined, bool Acts, bool Anonymous);

internal sealed class RedressDesk(Database database, Likenesses likenesses, TransferTargets targets, IOrganisation organisation, IStatutoryClock clock, TimeProvider time)
{
    /// <param name="post">The post that he may act for; null where he only looks on.</param>
    public async Task<RedressChoices> Of(Case c, string? post, ServiceVersion subject, Lang lang, CancellationToken ct)
    {
        var today = Ist.Today(time);
        var acts = post is not null && !c.Ended;
        var latest = c is { Law: { } law, LawVersion: { } version, CompleteOn: { } complete } ? clock.LatestOn(law, version, c.Place, complete) : null;
        var head = c.Head is null ? null : await database.One<string>("""select reference from cases."case" where id = @Head""", new { c.Head }, ct);
        var joined = await database.Query<string>("""select reference from cases."case" where head = @Id and state in ('joined', 'disposed') order by filed_at limit 200""", new { c.Id }, ct);
        var anonymous = await database.One<bool>("select follow is not null from cases.grievance where case_id = @Id", new { c.Id }, ct);
        if (!acts) return new RedressChoices([], [], [], latest, [], head, joined, false, anonymous);
        var alike = c.Head is null && joined.Count == 0 ? await likenesses.Of(c.Id, post!, ct) : [];
        return new RedressChoices(
            [.. subject.Grievance!.Dispositions.Select(d => new Choice(d.Code, d.Text.In(lang)))],
            [.. targets.Offices(c, post!, today).Select(p => new Choice(p.Code, p.Name.In(lang))).OrderBy(o => o.Label, StringComparer.Ordinal)],
            [.. targets.Subjects(c, today).Where(s => s.Code != c.Service).Select(s => new Choice(s.Code, $"{organisation.Department(s.Department).In(lang)}: {s.Name.In(lang)}")).OrderBy(s => s.Label, StringComparer.Ordinal)],
            latest > c.DueOn && c.DueOn >= today ? latest : null, alike, head, joined, true, anonymous);
    }
}
