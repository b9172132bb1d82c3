using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Contracts.Organisation;
using Sahulat.Guarantee.Clock;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Guarantee.AppealOnLapse;

/// <summary>The law's next layer above a case that lapsed or was rejected, and who decides there. Everything is read from memory.</summary>
internal sealed class NextLayer(IServiceDirectory services, IOrganisation organisation, IStatutoryClock clock, Calendars calendars) : IAppealLayers
{
    /// <summary>The layer after this one; null when the law has none, or when it opens on the applicant's own wish only.</summary>
    public static AppealLayer? After(LawVersion law, string? layer, string trigger) => After(law, layer) is { } next && next.OpensOn.Contains(trigger) ? next : null;

    /// <summary>The layer at which a subject's lowest competent officer stands already, so that the next is the one above.</summary>
    public string? EntersAt(string service, int version) => services.FindVersion(service, version)?.Grievance?.EntersAt;

    /// <summary>Days in which the opened layer may be asked for.</summary>
    public int FileWithin(AppealDue due) => services.LawVersion(due.Law, due.LawVersion)?.Layers.FirstOrDefault(l => l.Code == due.Layer)?.FileWithin.Days ?? 0;

    /// <param name="filed">The day on which the appeal counts as filed.</param>
    /// <returns>Null when nothing opens by itself.</returns>
    public Opening? Open(CaseClock of, string trigger, DateOnly filed)
    {
        if (services.LawVersion(of.Law, of.LawVersion) is not { } law || After(law, of.Above ?? EntersAt(of.Service, of.ServiceVersion), trigger) is not { } layer) return null;
        var authority = Authority(layer, of.Service, of.ServiceVersion, of.Place, filed);
        var decideBy = clock.ExplainAppeal(of.Law, of.LawVersion, layer.Code, of.Place, filed, [])?.On;
        return new Opening(
            new AppealDue(of.CaseId, of.Reference, of.Service, of.ServiceVersion, of.Law, of.LawVersion, layer.Code, trigger, of.Place, of.Applicant, authority.Post, authority.Wanted, of.DueOn ?? filed, filed, decideBy),
            authority.Raised ? new AuthorityVacant(of.CaseId, of.Reference, layer.Code, authority.Wanted, authority.Post, authority.Why) : null);
    }

    public LayerAbove? Above(string law, int lawVersion, string service, int serviceVersion, string? layer, string place, DateOnly since, DateOnly filed)
    {
        if (services.LawVersion(law, lawVersion) is not { } found || After(found, layer ?? EntersAt(service, serviceVersion)) is not { } above) return null;
        var authority = Authority(above, service, serviceVersion, place, filed);
        var fileBy = StatutoryDays.On(since, above.FileWithin, calendars.Current.WithWeeklyOff(found.WeeklyOff), organisation.PlaceAndAncestors(place), []);
        return new LayerAbove(above.Code, above.OpensOn, fileBy, authority.Post, authority.Wanted, authority.Why, clock.ExplainAppeal(law, lawVersion, above.Code, place, filed, [])?.On);
    }

    private static AppealLayer? After(LawVersion law, string? layer)
    {
        var at = layer is null ? 0 : law.Layers.TakeWhile(l => l.Code != layer).Count() + 1;
        return at < law.Layers.Count ? law.Layers[at] : null;
    }

    /// <summary>Without a named officer the request still goes upward, to the district and beyond.</summary>
    private PostResolution Authority(AppealLayer layer, string service, int serviceVersion, string place, DateOnly on)
    {
        var rule = services.FindVersion(service, serviceVersion)?.Officers.GetValueOrDefault(layer.Role) ?? layer.Officer;
        return organisation.Resolve(rule?.Designation ?? layer.Role, place, on);
    }
}

/// <param name="Alarm">Set when the post that should decide has no holder or does not exist.</param>
internal sealed record Opening(AppealDue Due, AuthorityVacant? Alarm)
{
    /// <summary>The stream of a case's clock.</summary>
    public static string Stream(Guid @case) => $"clock/{@case:N}";

    public static async Task Write(Work work, IReadOnlyList<Opening> openings, DateTimeOffset at)
    {
        if (openings.Count == 0) return;
        var appends = new List<Append>(openings.Count + 8);
        foreach (var opening in openings)
        {
            var stream = Stream(opening.Due.Case);
            appends.Add(Append.To(stream, null, opening.Due, Actor.Sahulat("guarantee"), at));
            if (opening.Alarm is { } alarm) appends.Add(Append.To(stream, null, alarm, Actor.Sahulat("guarantee"), at));
        }

        await work.Append(appends);
        var alarms = openings.Select(o => o.Alarm).OfType<AuthorityVacant>().ToArray();
        if (alarms.Length == 0) return;
        await work.Execute("""
            insert into guarantee.alarm (case_id, layer, reference, wanted, took, why, raised_at)
            select c, l, r, w, t, y, @at from unnest(@cases, @layers, @references, @wanted, @took, @why) as a(c, l, r, w, t, y)
            on conflict (case_id, layer) do nothing
            """, new
        {
            at,
            cases = alarms.Select(a => a.Case).ToArray(),
            layers = alarms.Select(a => a.Layer).ToArray(),
            references = alarms.Select(a => a.Reference).ToArray(),
            wanted = alarms.Select(a => a.Wanted).ToArray(),
            took = alarms.Select(a => a.Took).ToArray(),
            why = alarms.Select(a => a.Why).ToArray(),
        });
    }
}
