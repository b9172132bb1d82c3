using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Messaging.Deliver;
using Sahulat.Messaging.Talk;

namespace Sahulat.Messaging.Doings;

/// <summary>Requests: filing, papers, tracking. The rules are those of the room that keeps cases; only for who has proved a number.</summary>
internal sealed class CaseDoings(IFilings filings, ITracking tracking, IServiceDirectory services, IForms forms, Accounts accounts, SiteAddress site, TextCatalogue texts, ILogger<CaseDoings> log) : IDoings
{
    private const int MostOwn = 8, MostMedia = 10 * 1024 * 1024;

    public IEnumerable<DoingKind> All =>
    [
        new("paper.ask", ["field"], ["asked", "refused"], ["link", "draft", "why"], [], true, Ask),
        new("paper.look", ["field"], ["there", "missing"], ["form"], [], true, Look),
        new("paper.take", ["field"], ["taken", "none", "wrong"], ["form", "why"], [], true, TakePaper),
        new("request.file", [], ["filed", "incomplete", "refused"], ["reference", "due", "lacking", "why"], [], true, File),
        new("request.mine", [], ["some", "none"], [], ["requests"], true, Mine),
        new("request.track", ["reference"], ["found", "unknown"], ["status", "why"], [], true, Track),
    ];

    /// <summary>The request that this form becomes; the id follows from the conversation and the moment the form was begun, so that filing twice is filing once.</summary>
    private static RequestDraft? Draft(DoingCall call) =>
        call.Session.Proved is { } mobile && FormState.Of(call.Value("form")) is { } form && Guid.TryParseExact(call.Value("draft"), "N", out var id) ? new(id, form.Service, form.Place, mobile, call.Session.Language, form.Answers) : null;

    private static DoingCall Named(DoingCall call)
    {
        if (call.Value("draft").Length > 0) return call;
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"talk/{call.Who.Id:N}/{call.Who.Turn}")).AsSpan(0, 16));
        return call with { Session = call.Session with { Values = new Dictionary<string, string>(call.Session.Values) { ["draft"] = id.ToString("N") } } };
    }

    private async ValueTask<Did> Ask(DoingCall call, CancellationToken ct)
    {
        call = Named(call);
        if (Draft(call) is not { } draft) return Refused(call, Problem.Forbidden);
        var kept = await filings.Keep(draft, ct);
        if (!kept.Ok) return Refused(call, kept.Problem);
        return new("asked") { Values = new Dictionary<string, string> { ["draft"] = call.Value("draft"), ["link"] = site.Of($"/{draft.Lang.Code}{filings.PaperPath(draft.Id, call["field"])}") } };
    }

    private async ValueTask<Did> Look(DoingCall call, CancellationToken ct)
    {
        if (Draft(call) is not { } draft || FormState.Of(call.Value("form")) is not { } form) return new("missing");
        var kept = await filings.Keep(draft, ct);
        if (!kept.Ok || kept.Value[call["field"]] is not { } paper) return new("missing");
        form.Answers[call["field"]] = paper.DeepClone();
        return new("there") { Values = new Dictionary<string, string> { ["form"] = form.Write() } };
    }

    /// <summary>A picture sent in the chat itself.</summary>
    private async ValueTask<Did> TakePaper(DoingCall call, CancellationToken ct)
    {
        var media = call.Value("media").Split(' ', 3);
        if (media.Length < 2 || Draft(call) is not { } draft) return new("none");
        if (await Fetch(media[0], media[1], ct) is not { } content) return new("wrong") { Values = new Dictionary<string, string> { ["why"] = texts.In(call.Session.Language)["messaging.form.no-file"] } };
        var added = await filings.AddPaper(draft, call["field"], media.Length > 2 && media[2].Length > 0 ? media[2] : call["field"], content, ct);
        if (!added.Ok) return new("wrong") { Values = new Dictionary<string, string> { ["why"] = Why(call, added.Problem) } };
        return await Look(call, ct) is { Outcome: "there" } there ? there with { Outcome = "taken" } : new("none");
    }

    /// <summary>What a provider holds for us; null when it is gone or too large, or the provider fails or hangs.</summary>
    private async Task<byte[]?> Fetch(string provider, string id, CancellationToken ct)
    {
        if (accounts.Find(provider) is not { Provider: IMediaSource source } account) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(account.Settings.Timeout);
        try
        {
            return await source.Fetch(id, MostMedia, patience.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or OperationCanceledException or IOException or JsonException or InvalidOperationException or FormatException)
        {
            log.LogWarning("a file could not be fetched from {Provider}: {Fault}", provider, e.GetType().Name);
            return null;
        }
    }

    private async ValueTask<Did> File(DoingCall call, CancellationToken ct)
    {
        call = Named(call);
        if (Draft(call) is not { } draft) return Refused(call, Problem.Forbidden);
        var filed = await filings.File(draft, ct);
        if (!filed.Ok) return Refused(call, filed.Problem);
        var t = texts.In(call.Session.Language);
        var service = services.Find(draft.Service, filed.Value.FiledOn);
        var lacking = service is { Online: true } ? forms.For(service).Pages.SelectMany(p => p.Fields).Where(f => filed.Value.Missing.Contains(f.Name)).Select(f => "• " + f.Label.In(t.Lang)) : [];
        return new(filed.Value.Missing.Count > 0 ? "incomplete" : "filed")
        {
            Values = new Dictionary<string, string> { ["reference"] = filed.Value.Shown, ["due"] = filed.Value.DueOn is { } due ? t.Date(due) : t["messaging.talk.days-unknown"], ["lacking"] = string.Join('\n', lacking), ["draft"] = "", ["form"] = "" },
        };
    }

    private async ValueTask<Did> Mine(DoingCall call, CancellationToken ct)
    {
        if (call.Session.Proved is not { } mobile || await tracking.Of(mobile, MostOwn, ct) is not { Count: > 0 } own) return new("none");
        return new("some") { Lists = new Dictionary<string, IReadOnlyList<Option>> { ["requests"] = [.. own.Select(r => new Option(r.Reference, $"{r.Shown} {Name(r, call.Session.Language)}"))] } };
    }

    private async ValueTask<Did> Track(DoingCall call, CancellationToken ct)
    {
        Did Unknown(Problem problem) => new("unknown") { Values = new Dictionary<string, string> { ["why"] = Why(call, problem) } };
        if (call.Session.Proved is not { } mobile) return Unknown(Problem.Forbidden);
        var found = await tracking.Find(call["reference"], mobile, call.Who.Network, ct);
        if (!found.Ok) return Unknown(found.Problem);
        var (r, t) = (found.Value, texts.In(call.Session.Language));
        var lines = new List<string> { t["messaging.talk.status", r.Shown, Name(r, t.Lang)], t["messaging.talk.state", t["cases.state." + r.State]], t["messaging.talk.filed", t.Date(r.FiledOn)] };
        if (r.DecidedOn is { } decided) lines.Add(t["messaging.talk.decided", t.Date(decided)]);
        else if (r.DueOn is { } due) lines.Add(t["messaging.talk.due", t.Date(due)]);
        return new("found") { Values = new Dictionary<string, string> { ["status"] = string.Join('\n', lines) } };
    }

    private string Name(TrackedRequest r, Lang lang) => services.FindVersion(r.Service, r.ServiceVersion)?.Name.In(lang) ?? r.Service;

    private Did Refused(DoingCall call, Problem problem) => new("refused") { Values = new Dictionary<string, string> { ["why"] = Why(call, problem) } };

    private string Why(DoingCall call, Problem problem)
    {
        var t = texts.In(call.Session.Language);
        return problem.Faults.Count > 0 ? string.Join('\n', problem.Faults.Take(3).Select(t.Fault)) : t.Problem(problem);
    }
}
