using System.Text;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Examine;

/// <summary>The journal of a case in words: what, when, which post, who held it, in whose place, and what he wrote.</summary>
internal sealed class CaseActs(Database database, Vault vault, IServiceDirectory services, IOrganisation organisation, IOfficials officials, TextCatalogue texts)
{
    public async Task<IReadOnlyList<ActShown>> Of(IReadOnlyList<Case> cases, Lang lang, CancellationToken ct)
    {
        var t = texts.In(lang);
        var entries = new List<(Case Case, JournalEntry Entry)>();
        foreach (var c in cases) entries.AddRange((await database.Stream(CaseStore.Stream(c.Id), ct)).Select(e => (c, e)));
        var notes = await Notes(cases, ct);
        var names = await officials.Names([.. entries.Select(e => Who(e.Entry.Actor)).OfType<Guid>().Distinct()], ct);
        var shown = new List<ActShown>(entries.Count);
        foreach (var (c, e) in entries)
        {
            // An alarm goes before the act it belongs to; what was written belongs to the act.
            var words = e.Kind == PostFoundVacant.Kind ? null : notes.FirstOrDefault(n => n.CaseId == c.Id && n.Actor == e.Actor && n.At == e.At);
            if (words is not null) notes.Remove(words);
            shown.Add(new ActShown(c.Reference, e.Version, e.At, What(c, e, t), By(e.Actor, names, t), InPlaceOf(e) is { } post ? PostName(post, lang) : null, words?.Plain));
        }

        shown.AddRange(notes.Select(n => new ActShown(cases.First(c => c.Id == n.CaseId).Reference, 0, n.At, t["cases.desk.remark"], By(n.Actor, names, t), null, n.Plain)));
        return [.. shown.OrderBy(a => a.At).ThenBy(a => a.Version)];
    }

    private string What(Case c, JournalEntry e, Texts t)
    {
        var service = services.FindVersion(c.Service, c.ServiceVersion);
        string Step(string code) => service?.Steps.FirstOrDefault(s => s.Code == code)?.Name.In(t.Lang) ?? code;
        string Done(string result) => t.Has($"cases.desk.action.{result}") ? t[$"cases.desk.action.{result}"] : result;
        var what = t.Has($"cases.happened.{e.Kind}") ? t[$"cases.happened.{e.Kind}"] : e.Kind;
        var detail = e.Kind switch
        {
            "case.filed" when e.As<CaseFiled>().Layer is { } layer => t["cases.layer." + layer],
            "case.filed" when e.As<CaseFiled>().OnBehalf is not null => t["cases.desk.at-counter"],
            "case.forwarded" when e.As<CaseForwarded>() is { TakenBack: true } back => t["cases.desk.taken-back", PostName(back.From, t.Lang)],
            "case.forwarded" => t["cases.desk.sent-to", PostName(e.As<CaseForwarded>().To, t.Lang)],
            "case.step-done" => $"{Step(e.As<CaseStepDone>().Step)} – {Done(e.As<CaseStepDone>().Result)}",
            "case.queried" => Step(e.As<CaseQueried>().Step) + (e.As<CaseQueried>().Pauses ? $" – {t["cases.day.Paused"]}" : ""),
            "case.transferred" => t["cases.desk.sent-to", PostName(e.As<CaseTransferred>().To, t.Lang)],
            "case.extended" => t.Date(e.As<CaseExtended>().DueOn),
            "case.decided" => Decided(e.As<CaseDecided>(), service, t),
            "case.post-vacant" => Vacant(e.As<PostFoundVacant>(), t),
            "case.appealed" => $"{t["cases.layer." + e.As<CaseAppealed>().Layer]} {Reference.Show(e.As<CaseAppealed>().Reference)}",
            "case.appeal-grounds" => e.As<AppealGrounds>() is { LateDays: > 0 } late ? t["cases.appeal.is-late", late.LateDays] : null,
            "case.delay-decided" => t["cases.delay." + e.As<DelayDecided>().Outcome],
            "case.hearing-fixed" => $"{t.Date(e.As<HearingFixed>().On)}, {e.As<HearingFixed>().At}",
            "case.hearing-adjourned" => $"{t.Date(e.As<HearingAdjourned>().On)}, {e.As<HearingAdjourned>().At}",
            "case.hearing-held" => $"{t["cases.hearing.applicant"]} – {t["cases.hearing.came." + e.As<HearingHeld>().Applicant]} · {t["cases.hearing.officer"]} – {t["cases.hearing.came." + e.As<HearingHeld>().Officer]}",
            "case.direction-given" => $"{PostName(e.As<DirectionGiven>().To, t.Lang)}, {t["cases.direction.until", e.As<DirectionGiven>().By]}",
            "case.stayed" => e.As<CaseStayed>().Order,
            "case.stay-lifted" => e.As<CaseStayLifted>().Order,
            "case.remanded" => $"{t["cases.layer." + e.As<CaseRemanded>().Layer]}, {t["cases.direction.until", e.As<CaseRemanded>().DueOn]}",
            "case.certificate-issued" => Reference.Show(e.As<CertificateIssued>().Number),
            "case.certificate-revoked" => Reference.Show(e.As<CertificateRevoked>().Number),
            _ => null,
        };
        return detail is null ? what : $"{what}: {detail}";
    }

    private static string Decided(CaseDecided decided, ServiceVersion? service, Texts t) =>
        string.Join(" · ", decided.Reasons.Select(r => service?.RejectReasons.FirstOrDefault(known => known.Code == r)?.Text.In(t.Lang) ?? service?.Grievance?.Dispositions.FirstOrDefault(known => known.Code == r)?.Text.In(t.Lang) ?? (r == "late" ? t["cases.delay.refused"] : r)).Prepend(t[$"cases.state.{decided.Outcome}"]).Concat(decided.Order is { } order ? [t["cases.desk.by-order", order]] : []));

    private string Vacant(PostFoundVacant vacant, Texts t)
    {
        var wanted = organisation.Post(vacant.Wanted)?.Name.In(t.Lang) ?? organisation.Designation(vacant.Wanted).In(t.Lang);
        return vacant.Took is null ? wanted : t["cases.desk.vacant", wanted, PostName(vacant.Took, t.Lang)];
    }

    /// <summary>The post whose work it was, where another did it.</summary>
    private static string? InPlaceOf(JournalEntry e)
    {
        var post = e.Kind switch
        {
            "case.forwarded" => e.As<CaseForwarded>() is { TakenBack: null } sent ? sent.From : null,
            "case.step-done" => e.As<CaseStepDone>().Post,
            "case.queried" => e.As<CaseQueried>().Post,
            "case.decided" => e.As<CaseDecided>().Post,
            "case.transferred" => e.As<CaseTransferred>().From,
            "case.extended" => e.As<CaseExtended>().Post,
            "case.joined" => e.As<CaseJoined>().Post,
            "case.parted" => e.As<CaseParted>().Post,
            "case.hearing-fixed" => e.As<HearingFixed>().Post,
            "case.hearing-adjourned" => e.As<HearingAdjourned>().Post,
            "case.hearing-held" => e.As<HearingHeld>().Post,
            "case.direction-given" => e.As<DirectionGiven>().Post,
            "case.direction-complied" => e.As<DirectionComplied>().Post,
            "case.delay-decided" => e.As<DelayDecided>().Post,
            "case.stayed" => e.As<CaseStayed>().Post,
            "case.remanded" => e.As<CaseRemanded>().Post,
            _ => null,
        };
        return post is null || Post(e.Actor) is not { } actor || actor == post ? null : post;
    }

    private string By(string actor, IReadOnlyDictionary<Guid, OfficialName> names, Texts t)
    {
        if (Post(actor) is not { } post) return t[$"cases.desk.by.{(actor.StartsWith("citizen:", StringComparison.Ordinal) ? "citizen" : actor.StartsWith("system:", StringComparison.Ordinal) ? "other-system" : "system")}"];
        return Who(actor) is { } id && names.TryGetValue(id, out var name) ? $"{PostName(post, t.Lang)} ({name.Name})" : PostName(post, t.Lang);
    }

    private static string? Post(string actor) => actor.StartsWith("post:", StringComparison.Ordinal) ? actor[5..].Split('/')[0] : null;

    private static Guid? Who(string actor) => Post(actor) is not null && actor.Split('/') is [_, var id] && Guid.TryParse(id, out var guid) ? guid : null;

    private string PostName(string code, Lang lang) => organisation.Post(code)?.Name.In(lang) ?? code;

    private async Task<List<Note>> Notes(IReadOnlyList<Case> cases, CancellationToken ct)
    {
        var found = new List<Note>();
        foreach (var n in await database.Query<Note>("select case_id, id, at, actor, text from cases.note where case_id = any(@ids) order by at, id", new { ids = cases.Select(c => c.Id).ToArray() }, ct))
            if (await vault.Open(cases[0].Applicant, IntakeBatch.Retention, n.Text, CaseView.NoteContext(n.Id), ct) is { } plain) found.Add(n with { Plain = Encoding.UTF8.GetString(plain) });
        return found;
    }

    private sealed record Note
    {
        public Guid CaseId { get; init; }

        public Guid Id { get; init; }

        public DateTimeOffset At { get; init; }

        public string Actor { get; init; } = "";

        public byte[] Text { get; init; } = [];

        public string Plain { get; init; } = "";
    }
}
