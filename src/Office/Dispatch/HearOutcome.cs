using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Office.Dispatch;

/// <summary>What became of mails and messages is written beside what they were sent for.</summary>
internal sealed class HearOutcome : IFollower
{
    public string Name => "office.hear-outcome";

    public IReadOnlyCollection<string> Kinds => [MessageTold.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var told = entries.Select(e => (Told: e.As<MessageTold>(), e.At)).Select(e => (e.Told, e.At, Id: Named(e.Told.Reference))).Where(e => e.Id is not null)
            .GroupBy(e => (e.Id, Receipt: e.Told.Reference.StartsWith(SendOut.Receipt, StringComparison.Ordinal))).Select(g => (g.Key.Receipt, g.Key.Id, Last: g.MaxBy(e => Rank(e.Told.Status)))).ToArray();
        foreach (var (receipt, id, last) in told)
            await work.Execute(receipt
                ? "update office.receipt set acknowledgement = @Status, acknowledgement_reason = @Reason where id = @id and acknowledgement = any(@before)"
                : "update office.dispatch set delivery = @Status, channel = @Channel, reason = @Reason, told_at = @At where id = @id and delivery = any(@before)",
                new { last.Told.Status, last.Told.Channel, Reason = last.Told.Status == "failed" ? last.Told.Reason : null, last.At, id, before = Deliveries.States.Take(Rank(last.Told.Status)).ToArray() });
    }

    private static int Rank(string status) => Deliveries.States.ToList().IndexOf(status);

    private static Guid? Named(string reference)
    {
        var parts = reference.Split('/');
        return parts is [SendOut.Dispatch, _] or [SendOut.Receipt, _, _] && Guid.TryParseExact(parts[1], "N", out var id) ? id : null;
    }
}
