using System.Text.Json;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Calendar;

/// <summary>A day on which offices are closed by order, or open again by a later one.</summary>
/// <param name="Order">Number and date of the government's order.</param>
/// <param name="Withdraws">The order takes back the holidays of this date and place.</param>
public sealed record HolidayOrder(DateOnly Date, string Place, LocalText Name, string Order, bool Withdraws);

/// <summary>Writes orders that come between two packs: each is a version of the calendar of its own, after all others.</summary>
public static class HolidayOrders
{
    /// <summary>No pack has this code; what pack files say of their own versions leaves these alone.</summary>
    private const string Desk = "@desk";

    /// <returns>The version; null where there is nothing to withdraw.</returns>
    public static async Task<int?> Issue(Work work, HolidayOrder order, Actor by, string proposedBy, DateTimeOffset at)
    {
        await work.Execute("lock table calendar.version in exclusive mode");
        if (order.Withdraws && !await work.One<bool>("select exists (select from calendar.holiday where date = @Date and place = @Place and withdrawn_version is null)", order)) return null;
        var version = await work.One<int>("""
            insert into calendar.version (version, issued_on, order_no, pack, pack_version, issued_by)
            select coalesce(max(version), 0) + 1, @on, @Order, @Desk, coalesce(max(pack_version) filter (where pack = @Desk), 0) + 1, @by from calendar.version returning version
            """, new { on = Ist.DateIn(at), order.Order, Desk, by = by.Token });
        if (order.Withdraws) await Withdraw(work, version, order.Date, order.Place);
        else await Insert(work, version, order.Date, order.Place, order.Name, "public", order.Order, HolidayStatus.Notified, "");
        await work.Append("calendar/holidays", null, new CalendarIssued(version, order.Withdraws ? 0 : 1, order.Withdraws ? 1 : 0, order.Date, order.Date, order.Order, proposedBy), by, at);
        return version;
    }

    internal static Task Insert(Work work, int version, DateOnly date, string place, LocalText name, string kind, string order, string status, string source) => work.Execute("""
        insert into calendar.holiday (version, date, place, name, kind, order_no, status, source) values (@version, @date, @place, @name::jsonb, @kind, @order, @status, @source)
        on conflict (version, date, place, name_en) do update set name = excluded.name, order_no = excluded.order_no, status = excluded.status, source = excluded.source
        """, new { version, date, place, name = JsonSerializer.Serialize<Dictionary<string, string>>(name), kind, order, status, source });

    internal static Task Withdraw(Work work, int version, DateOnly date, string place) =>
        work.Execute("update calendar.holiday set withdrawn_version = @version where date = @date and place = @place and version < @version and withdrawn_version is null", new { version, date, place });
}
