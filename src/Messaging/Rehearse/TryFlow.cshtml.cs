using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Messaging.Flows;
using Choice = Sahulat.Kernel.Pages.Choice;

namespace Sahulat.Messaging.Rehearse;

/// <summary>Where authors try a flow: published, or pasted in while it is being written.</summary>
[Authorize(Policy = Policies.Admin)]
[RequestSizeLimit(2 * 1024 * 1024)]
internal sealed class TryFlowModel(Rehearsal rehearsal, FlowStore flows) : SahulatPage
{
    public static readonly string[] Channels = ["web", "sms", "whatsapp", "telegram", "ussd", "voice"];

    public Rehearsed? State { get; private set; }

    public string? Sealed => State is null ? null : rehearsal.Seal(State);

    public IReadOnlyList<Choice> Flows { get; private set; } = [];

    public IReadOnlyList<PackFault> YamlFaults { get; private set; } = [];

    public string? Yaml { get; private set; }

    /// <summary>What was said last and no operator would carry as SMS.</summary>
    public string? Unregistered { get; private set; }

    public IReadOnlyList<string> Outcomes => State is null ? [] : rehearsal.Outcomes(State);

    public Rehearsal Rehearsal => rehearsal;

    public Task OnGet(CancellationToken ct) => Load(ct);

    public async Task<IActionResult> OnPost([FromForm] string? act, [FromForm] string? state, [FromForm] string? flow, [FromForm] string? channel, [FromForm] string? spoken, [FromForm] string? yaml, [FromForm] string? text, CancellationToken ct)
    {
        await Load(ct);
        var before = rehearsal.Open(state);
        if (act == "begin" || before is null)
        {
            Yaml = yaml;
            var (book, found, faults) = await rehearsal.Read(yaml, flow, ct);
            YamlFaults = faults;
            if (found is null || faults.Count > 0) return Refuse(Problem.Invalid([new Fault(string.IsNullOrWhiteSpace(yaml) ? "flow" : "yaml", string.IsNullOrWhiteSpace(yaml) ? "required" : "flow-faulty")]));
            State = await rehearsal.Begin(book, found, Channels.Contains(channel) ? channel! : "web", Lang.Find(spoken) ?? Lang, string.IsNullOrWhiteSpace(yaml) ? null : yaml, ct);
            Unregistered = rehearsal.Unregistered(book, State);
            return Page();
        }

        Yaml = before.Yaml;
        var (of, _, _) = await rehearsal.Read(before.Yaml, before.Flow, ct);
        State = act switch
        {
            "time-out" => await rehearsal.TimeOut(of, before, ct),
            { } ended when ended.StartsWith("end:", StringComparison.Ordinal) && rehearsal.Outcomes(before).Contains(ended[4..]) => await rehearsal.End(of, before, ended[4..], ct),
            { } said when said.StartsWith("say:", StringComparison.Ordinal) => await rehearsal.Say(of, before, said[4..], ct),
            _ => before.Doing is null ? await rehearsal.Say(of, before, text ?? "", ct) : before,
        };
        Unregistered = rehearsal.Unregistered(of, State);
        return Page();
    }

    private async Task Load(CancellationToken ct) => Flows = [.. (await flows.Book(ct)).Latest.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new Choice(f.Key, $"{f.Key} {f.Version}: {f.Name}"))];
}
