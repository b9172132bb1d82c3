using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases.Recover;

/// <summary>Lines of a claim's ledger. They are appended; a wrong one is undone by a counter entry that names it.</summary>
internal sealed class LedgerAct(Database database, DeskPosts posts, TimeProvider time)
{
    private const int VoucherMax = 40;

    /// <summary>A penalty's instalment came in, or a compensation was paid out.</summary>
    public Task<Result<Done>> Pay(OfficialCaller who, Guid claim, int seen, decimal? amount, string? voucher, DateOnly? on, CancellationToken ct) => Enter(who, claim, async (work, row, money, today) =>
    {
        var check = new Check();
        // The page's last line: who sent the form twice, or on an older page, is told.
        if (money.Count != seen) return Problem.Conflict;
        var balance = money.Sum(m => m.Amount);
        if (check.That(amount is not null, "amount", "required")) check.That(amount is > 0 && decimal.Round(amount.Value, 2) == amount && amount <= balance, "amount", "amount-over", balance);
        if (check.That(!string.IsNullOrWhiteSpace(voucher), "voucher", "required"))
            check.That(voucher!.Trim().Length <= VoucherMax && voucher.Trim().All(c => char.IsAsciiLetterOrDigit(c) || " /-.".Contains(c)), "voucher", "order-number-form");
        if (check.That(on is not null, "paid-on", "not-a-date")) check.That(on <= today && on >= row.OrderedOn, "paid-on", on > today ? "date-too-late" : "date-too-early", on > today ? today : row.OrderedOn);
        if (!check.Ok) return check.ToProblem();
        return await Task.FromResult<Result<MoneyEntered>>(new MoneyEntered(money.Count + 1, row.IsPenalty ? "received" : "paid", -amount!.Value, voucher!.Trim(), on!.Value, null));
    }, ct);

    public Task<Result<Done>> Counter(OfficialCaller who, Guid claim, int line, CancellationToken ct) => Enter(who, claim, (_, _, money, today) =>
    {
        if (money.FirstOrDefault(m => m.Line == line) is not { } wrong) return Task.FromResult<Result<MoneyEntered>>(Problem.NotFound);
        if (wrong.What is not ("received" or "paid") || money.Any(m => m.Counters == line)) return Task.FromResult<Result<MoneyEntered>>(CaseProblems.NotToCounter);
        return Task.FromResult<Result<MoneyEntered>>(new MoneyEntered(money.Count + 1, "counter", -wrong.Amount, null, today, line));
    }, ct);

    /// <summary>Writes a line and its journal entry.</summary>
    public static async Task Write(Work work, Guid claim, MoneyEntered entered, Actor actor, DateTimeOffset at)
    {
        await work.Execute("insert into cases.money (claim, line, what, amount, voucher, on_date, counters, at, by) values (@claim, @Line, @What, @Amount, @Voucher, @On, @Counters, @at, @Token)",
            new { claim, entered.Line, entered.What, entered.Amount, entered.Voucher, entered.On, entered.Counters, at, actor.Token });
        await work.Append(Claims.Stream(claim), null, entered, actor, at);
    }

    private async Task<Result<Done>> Enter(OfficialCaller who, Guid claim, Func<Work, ClaimRow, IReadOnlyList<MoneyRow>, DateOnly, Task<Result<MoneyEntered>>> line, CancellationToken ct) => await database.Write<Result<Done>>(async work =>
    {
        if (await Claims.Lock(work, claim) is not { State: "imposed", OrderedBy: { } post } row || !posts.Acts(who.Id).TryGetValue(post, out var via)) return Problem.NotFound;
        var money = await work.Query<MoneyRow>("select claim, line, what, amount, voucher, on_date, counters from cases.money where claim = @claim order by line", new { claim });
        var at = time.GetUtcNow();
        var entered = await line(work, row, money, Ist.DateIn(at));
        if (!entered.Ok) return entered.Problem;
        await Write(work, claim, entered.Value, who.As(via), at);
        return Done.It;
    }, ct);
}
