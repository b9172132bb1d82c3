using System.Text;
using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Register;

/// <summary>The diary: what came in, from whom, and where it is.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DiaryModel(Registers registers, OfficePosts posts, TimeProvider time) : RegisterPage(registers, posts, time)
{
    private static readonly IReadOnlyList<string> AllModes = ["hand", "scan", "upload", "email", "office", "portal"], AllStates = ["open", "in-file", "closed"];

    private readonly Registers registers = registers;

    public IReadOnlyList<Entered> Lines { get; private set; } = [];

    public IEnumerable<Choice> Modes => AllModes.Select(m => new Choice(m, T[$"office.mode.{m}"]));

    public IEnumerable<Choice> States => AllStates.Select(s => new Choice(s, T[$"office.state.{s}"]));

    protected override string Name => "diary";

    protected override async Task Load(int skip, int take, CancellationToken ct) => (Lines, All) = await registers.Diarised(Reach, Wanted, skip, take, ct);

    protected override void Csv(StringBuilder csv)
    {
        Line(csv, T["office.received-on"], T["office.number"], T["office.mode"], T["office.sender"], T["office.subject"], T["office.their-number"], T["office.with"], T["office.state"], T["office.acknowledged"]);
        foreach (var l in Lines)
            Line(csv, Day(l.Row.ReceivedOn), l.Row.Number, T[$"office.mode.{l.Row.Mode}"], l.Details?.Sender ?? T["office.register.unseen"], l.Details?.Subject, l.Details?.TheirNumber, Posts.Name(l.Row.Holder, Lang), T[$"office.state.{l.Row.State}"], Day(l.Row.AcknowledgedOn));
    }
}
