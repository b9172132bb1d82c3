using System.Text;
using Sahulat.Cases.Submit;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Recover;

internal sealed record ClaimRow
{
    public Guid Id { get; init; }

    public Guid CaseId { get; init; }

    public Guid Request { get; init; }

    /// <summary>penalty or compensation.</summary>
    public string Kind { get; init; } = "";

    public string Rule { get; init; } = "";

    public string? Section { get; init; }

    public bool Confirmed { get; init; }

    public string? Post { get; init; }

    public Guid? Official { get; init; }

    public Guid? LateOf { get; init; }

    public DateOnly? LateFrom { get; init; }

    public DateOnly? LateTo { get; init; }

    public int Days { get; init; }

    public decimal? PerDay { get; init; }

    public decimal? Cap { get; init; }

    public decimal? Drafted { get; init; }

    /// <summary>noticed, answered, imposed or dropped.</summary>
    public string State { get; init; } = "";

    public DateOnly? NoticedOn { get; init; }

    public DateOnly? ReplyBy { get; init; }

    public DateOnly? RepliedOn { get; init; }

    public decimal? Amount { get; init; }

    public DateOnly? OrderedOn { get; init; }

    public string? OrderedBy { get; init; }

    public byte[]? Notice { get; init; }

    public byte[]? Reply { get; init; }

    public byte[]? Reason { get; init; }

    public long Version { get; init; }

    public bool IsPenalty => Kind == "penalty";

    public bool Open => State is "noticed" or "answered";

    /// <summary>Nobody is fined unheard: after the reply, or when its day has passed.</summary>
    public bool MayOrder(DateOnly today) => State == "answered" || (State == "noticed" && ReplyBy < today);

    /// <summary>Days × a day's amount before the cap.</summary>
    public decimal? Counted => PerDay is { } daily ? daily * Days : null;
}

internal sealed record MoneyRow
{
    public Guid Claim { get; init; }

    public int Line { get; init; }

    public string What { get; init; } = "";

    public decimal Amount { get; init; }

    public string? Voucher { get; init; }

    public DateOnly OnDate { get; init; }

    public int? Counters { get; init; }
}

/// <summary>A claim with its opened texts and its ledger.</summary>
internal sealed record Claim(ClaimRow Row, string? Notice, string? Reply, string? Reason, IReadOnlyList<MoneyRow> Money)
{
    /// <summary>Still to be paid.</summary>
    public decimal Balance => Money.Sum(m => m.Amount);

    public decimal Paid => -Money.Where(m => m.What is "received" or "paid").Sum(m => m.Amount) - Money.Where(m => m.What == "counter").Sum(m => m.Amount);

    public bool Countered(int line) => Money.Any(m => m.Counters == line);
}

internal sealed class Claims(Database database, Vault vault)
{
    /// <summary>The retention class of what is sealed to and of officials.</summary>
    public const string Retention = "penalty";

    public const string Columns = "id, case_id, request, kind, rule, section, confirmed, post, official, late_of, late_from, late_to, days, per_day, cap, drafted, state, noticed_on, reply_by, replied_on, amount, ordered_on, ordered_by, notice, reply, reason, version";

    public static string Stream(Guid id) => $"penalty/{id:N}";

    public static string Context(Guid id, string part) => $"cases.claim/{id:N}/{part}";

    /// <summary>All of a request, through all its appeals.</summary>
    public async Task<IReadOnlyList<Claim>> OfRequest(Guid request, Guid applicant, CancellationToken ct) =>
        await Opened(await database.Query<ClaimRow>($"select {Columns} from cases.claim where request = @request order by coalesce(noticed_on, ordered_on), id", new { request }, ct), applicant, ct);

    /// <summary>Compensations of these cases, without their texts: for the applicant who only tracks.</summary>
    public async Task<IReadOnlyList<Claim>> Compensations(Guid[] cases, Guid? applicant, CancellationToken ct)
    {
        var rows = await database.Query<ClaimRow>($"select {Columns} from cases.claim where case_id = any(@cases) and kind = 'compensation' order by ordered_on, id", new { cases }, ct);
        return await Opened(rows, applicant, ct);
    }

    public async Task<Claim?> Find(Guid id, CancellationToken ct)
    {
        var rows = await database.Query<ClaimRow>($"select {Columns} from cases.claim where id = @id", new { id }, ct);
        return (await Opened(rows, null, ct)).FirstOrDefault();
    }

    public static Task<ClaimRow?> Lock(Work work, Guid id) => work.One<ClaimRow>($"select {Columns} from cases.claim where id = @id for update", new { id });

    private async Task<IReadOnlyList<Claim>> Opened(IReadOnlyList<ClaimRow> rows, Guid? applicant, CancellationToken ct)
    {
        if (rows.Count == 0) return [];
        var money = (await database.Query<MoneyRow>("select claim, line, what, amount, voucher, on_date, counters from cases.money where claim = any(@ids) order by line", new { ids = rows.Select(r => r.Id).ToArray() }, ct)).ToLookup(m => m.Claim);
        var opened = new List<Claim>(rows.Count);
        foreach (var r in rows)
        {
            var (whose, retention) = r.IsPenalty ? (r.Official, Retention) : (applicant, IntakeBatch.Retention);
            async Task<string?> Text(byte[]? sealedText, string part) =>
                sealedText is not null && whose is { } subject && await vault.Open(subject, retention, sealedText, Context(r.Id, part), ct) is { } plain ? Encoding.UTF8.GetString(plain) : null;
            opened.Add(new Claim(r, await Text(r.Notice, "notice"), await Text(r.Reply, "reply"), await Text(r.Reason, "reason"), [.. money[r.Id]]));
        }

        return opened;
    }
}

/// <summary>A claim for a page.</summary>
/// <param name="PersonName">Null where the reader is the person.</param>
internal sealed record ClaimShown(Claim Claim, Func<string?, string> PostName, string? PersonName);
