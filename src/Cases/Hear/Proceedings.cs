using System.Text;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Submit;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Hear;

internal sealed record HearingRow
{
    public Guid CaseId { get; init; }

    public int Number { get; init; }

    public DateOnly OnDate { get; init; }

    public TimeOnly AtTime { get; init; }

    public string Mode { get; init; } = "";

    public Guid Place { get; init; }

    public Guid? Said { get; init; }

    public string? Officer { get; init; }

    public string State { get; init; } = "";

    public string? ApplicantCame { get; init; }

    public string? OfficerCame { get; init; }
}

internal sealed record DirectionRow
{
    public Guid CaseId { get; init; }

    public int Number { get; init; }

    public Guid Request { get; init; }

    public string Post { get; init; } = "";

    public DateOnly ByDate { get; init; }

    public DateOnly GivenOn { get; init; }

    public DateOnly? CompliedOn { get; init; }

    public Guid Said { get; init; }

    public Guid? Reply { get; init; }
}

internal sealed record StayRow
{
    public Guid CaseId { get; init; }

    public int Number { get; init; }

    public string OrderNo { get; init; } = "";

    public DateOnly FromDate { get; init; }

    public DateOnly? UntilDate { get; init; }

    public bool Pauses { get; init; }

    public Guid Said { get; init; }
}

internal sealed record RemandRow(Guid CaseId, Guid Appeal, string Layer, DateOnly OnDate, DateOnly DueOn);

internal sealed record DelayRow(Guid CaseId, string Ground, DateOnly? FileBy, int LateDays, string? Delay);

/// <summary>What has been done in a request and the appeals above it. <paramref name="Words"/> are the opened notes by id.</summary>
internal sealed record Proceedings(IReadOnlyList<HearingRow> Hearings, IReadOnlyList<DirectionRow> Directions, IReadOnlyList<StayRow> Stays, IReadOnlyList<RemandRow> Remands, IReadOnlyList<DelayRow> Delays, IReadOnlyDictionary<Guid, string> Words)
{
    public bool Any => Hearings.Count + Directions.Count + Stays.Count + Remands.Count > 0;

    public string? Said(Guid? note) => note is { } id ? Words.GetValueOrDefault(id) : null;
}

internal sealed class ProceedingsOf(Database database, Vault vault)
{
    /// <summary>The case and every appeal above it.</summary>
    public async Task<Guid[]> Chain(Guid id, CancellationToken ct) => [.. await database.Query<Guid>("""
        with recursive up as (select id from cases."case" where id = @id union all select c.id from cases."case" c join up on c.parent = up.id) select id from up
        """, new { id }, ct)];

    /// <param name="applicant">Under whose key the words are sealed; null leaves them closed.</param>
    public async Task<Proceedings> Cases(Guid[] cases, Guid? applicant, CancellationToken ct)
    {
        var hearings = await database.Query<HearingRow>("select case_id, number, on_date, at_time, mode, place, said, officer, state, applicant_came, officer_came from cases.hearing where case_id = any(@cases) order by on_date, number", new { cases }, ct);
        var directions = await database.Query<DirectionRow>("select case_id, number, request, post, by_date, given_on, complied_on, said, reply from cases.direction where case_id = any(@cases) or request = any(@cases) order by given_on, number", new { cases }, ct);
        var stays = await database.Query<StayRow>("select case_id, number, order_no, from_date, until_date, pauses, said from cases.stay where case_id = any(@cases) order by from_date, number", new { cases }, ct);
        var remands = await database.Query<RemandRow>("select case_id, appeal, layer, on_date, due_on from cases.remand where case_id = any(@cases) order by on_date", new { cases }, ct);
        var delays = await database.Query<DelayRow>("select case_id, ground, file_by, late_days, delay from cases.appeal where case_id = any(@cases) and late_days > 0", new { cases }, ct);
        Guid?[] notes = [.. hearings.Select(h => (Guid?)h.Place), .. hearings.Select(h => h.Said), .. directions.Select(d => (Guid?)d.Said), .. directions.Select(d => d.Reply), .. stays.Select(s => (Guid?)s.Said)];
        return new Proceedings(hearings, directions, stays, remands, delays, applicant is { } whose ? await Words(whose, [.. notes.OfType<Guid>()], ct) : new Dictionary<Guid, string>());
    }

    public async Task<IReadOnlyDictionary<Guid, string>> Words(Guid applicant, Guid[] notes, CancellationToken ct)
    {
        var words = new Dictionary<Guid, string>();
        if (notes.Length == 0) return words;
        foreach (var (id, text) in await database.Query<(Guid, byte[])>("""select n.id, n.text from cases.note n join cases."case" c on c.id = n.case_id where c.applicant = @applicant and n.id = any(@notes)""", new { applicant, notes }, ct))
            if (await vault.Open(applicant, IntakeBatch.Retention, text, CaseView.NoteContext(id), ct) is { } plain) words[id] = Encoding.UTF8.GetString(plain);
        return words;
    }
}

/// <summary>The proceedings for a page, with names of posts.</summary>
internal sealed record ProceedingsShown(Proceedings Of, Func<string?, string> PostName)
{
    /// <summary>What was awarded to the applicant, where he is the reader.</summary>
    public IReadOnlyList<Recover.Claim> Compensations { get; init; } = [];
}
