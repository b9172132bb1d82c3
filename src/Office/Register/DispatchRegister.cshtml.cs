using System.Text;
using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Dispatch;

namespace Sahulat.Office.Register;

/// <summary>The dispatch register: what went out, how, to whom, and what became of it.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class DispatchRegisterModel(Registers registers, OfficePosts posts, TimeProvider time) : RegisterPage(registers, posts, time)
{
    private readonly Registers registers = registers;

    public IReadOnlyList<Issued> Lines { get; private set; } = [];

    /// <summary>Letters that did not arrive and still have to be sent another way.</summary>
    public int Lost { get; private set; }

    public IEnumerable<Choice> Ways => Dispatches.Ways.Select(w => new Choice(w, T[$"office.dispatch.{w}"]));

    public IEnumerable<Choice> States => Deliveries.States.Select(s => new Choice(s, T[$"office.delivery.{s}"]));

    protected override string Name => "dispatched";

    public string Went(Issued line) => $"{T[$"office.dispatch.{line.Row.Way}"]}{(line.Row.ToOffice is { } office ? $": {Posts.OfficeName(office, Lang)}" : "")}";

    public string Whom(Issued line) => line.To ?? T["office.register.unseen"];

    protected override async Task Load(int skip, int take, CancellationToken ct)
    {
        (Lines, All) = await registers.Dispatched(Reach, Wanted, skip, take, ct);
        Lost = await registers.Lost(Wanted.Office, ct);
    }

    protected override void Csv(StringBuilder csv)
    {
        Line(csv, T["office.register.day"], T["office.number"], T["office.dispatch.way"], T["office.addressee"], T["office.register.post"], T["office.register.became"], T["office.register.why"]);
        foreach (var l in Lines) Line(csv, Day(l.On), l.Row.Number, Went(l), Whom(l), l.Row.Register, l.Row.Delivery is { } state ? T[$"office.delivery.{state}"] : "", l.Row.Reason);
    }
}
