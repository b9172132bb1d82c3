using Sahulat.Contracts.Guarantee;
using Sahulat.Kernel.Data;

namespace Sahulat.Guarantee.Recount;

internal sealed class DateMoves(Database database) : IDateMoves
{
    public Task<IReadOnlyList<DateMove>> Of(Guid @case, CancellationToken ct) => database.Query<DateMove>(
        "select m.calendar, v.order_no as \"order\", m.due_from as \"from\", m.due_to as \"to\", m.at from guarantee.moved m join calendar.version v on v.version = m.calendar where m.case_id = @case order by m.calendar", new { @case }, ct);
}
