using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Invite;

internal sealed record Person(string Key, Guid Official, string? Office, string? Post, int Phase, string Training, DateOnly? TrainedOn, DateTimeOffset? InvitedAt, DateTimeOffset? SignedInAt, DateTimeOffset? MovedAt);

/// <summary>Two employees of one name in one office.</summary>
internal sealed record Twins(string One, Guid OneOfficial, string Other, Guid OtherOfficial, string? Office);

/// <summary>What an invited official needs, shown once.</summary>
internal sealed record Invitation(string Employee, string SignIn, string Name, string Password);

/// <summary>The people of the rollout: invited, trained, told apart.</summary>
internal sealed class People(Database database, OrganisationDirectory directory, IOfficials officials, IAccounts accounts, TimeProvider time)
{
    public const int PageSize = 100, MostInvited = 50;

    /// <summary>Each with the condition that makes it.</summary>
    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["all"] = "true", ["new"] = "o.invited_at is null and f.signed_in_at is null", ["invited"] = "o.invited_at is not null and f.signed_in_at is null", ["signed-in"] = "f.signed_in_at is not null and f.moved_at is null",
        ["moved"] = "f.moved_at is not null", ["untrained"] = "o.training <> 'done'",
    };

    private const string From = "from organisation.onboarding o left join organisation.onboarding_first f on f.subject = o.official::text where o.kind = 'user' and o.ended_on is null and o.official is not null";

    public async Task<(int Total, IReadOnlyList<Person> Rows)> List(string state, string? place, string? q, int page, CancellationToken ct)
    {
        var found = q is null ? [] : (await officials.Search(q, ct)).Select(o => o.Id).ToArray();
        var args = new { all = place is null, places = place is null ? [] : directory.Now.Places.Where(p => p.Code == place || directory.Covers(place, p.Code)).Select(p => p.Code).ToArray(), q = q?.ToUpperInvariant(), found, skip = (page - 1) * PageSize, PageSize };
        var where = $"{From} and {States[state]} and (@all or o.place = any(@places)) and (@q is null or starts_with(upper(o.key), @q) or o.official = any(@found))";
        return (await database.One<int>($"select count(*)::int {where}", args, ct),
            await database.Query<Person>($"select o.key, o.official, o.office, o.post, o.phase, o.training, o.trained_on, o.invited_at, f.signed_in_at, f.moved_at {where} order by o.key offset @skip limit @PageSize", args, ct));
    }

    public Task<IReadOnlyList<Twins>> Twins(CancellationToken ct) => database.Query<Twins>("""
        select a.key as one, a.official as one_official, b.key as other, b.official as other_official, a.office from organisation.onboarding a join organisation.onboarding b on b.name_key = a.name_key and b.office is not distinct from a.office and a.key < b.key
        where a.kind = 'user' and b.kind = 'user' and a.ended_on is null and b.ended_on is null and a.official is not null and b.official is not null and not exists (select from organisation.onboarding_apart p where p.one = a.key and p.other = b.key)
        order by a.key, b.key limit 100
        """, ct: ct);

    /// <summary>First passwords for those who have not signed in yet; an earlier one no longer opens.</summary>
    public async Task<Result<IReadOnlyList<Invitation>>> Invite(IReadOnlyCollection<string> employees, Actor by, CancellationToken ct)
    {
        if (Chosen(employees, MostInvited) is { Ok: false } check) return check.ToProblem();
        var rows = await database.Query<(string Key, Guid Official)>($"select o.key, o.official {From} and o.key = any(@employees) and f.signed_in_at is null order by o.key", new { employees = employees.ToArray() }, ct);
        if (rows.Count == 0) return OrganisationProblems.NobodyToInvite;
        var names = await officials.Names([.. rows.Select(r => r.Official)], ct);
        var barred = await accounts.Inactive([.. rows.Select(r => r.Official)], ct);
        var made = new List<Invitation>();
        foreach (var (key, official) in rows.Where(r => names.ContainsKey(r.Official) && !barred.Contains(r.Official)))
        {
            var first = await officials.Reset(official);
            if (!first.Ok) continue;
            await database.Write(async work =>
            {
                await work.Execute("update organisation.onboarding set invited_at = @now where kind = 'user' and key = @key", new { key, now = time.GetUtcNow() });
                await work.Append($"official/{official:N}", null, new OfficialInvited(), by, time.GetUtcNow());
            }, ct);
            made.Add(new Invitation(key, names[official].SignIn, names[official].Name, first.Value.Password));
        }

        return made.Count == 0 ? OrganisationProblems.NobodyToInvite : made;
    }

    public async Task<Result<Done>> Train(IReadOnlyCollection<string> employees, Actor by, CancellationToken ct)
    {
        if (Chosen(employees, PageSize) is { Ok: false } check) return check.ToProblem();
        var today = Ist.Today(time);
        return await database.Write<Result<Done>>(async work =>
        {
            var trained = await work.Query<Guid>("update organisation.onboarding set training = 'done', trained_on = @today where kind = 'user' and key = any(@employees) and training <> 'done' and ended_on is null and official is not null returning official", new { today, employees = employees.ToArray() });
            await work.Append([.. trained.Select(id => Append.To($"official/{id:N}", null, new OfficialTrained(today), by, time.GetUtcNow()))]);
            return Done.It;
        }, ct);
    }

    public async Task<Result<Done>> TellApart(string? one, string? other, CancellationToken ct)
    {
        if (await Pair(one, other, ct) is null) return Problem.NotFound;
        await database.Execute("insert into organisation.onboarding_apart (one, other) values (@one, @other) on conflict do nothing", new { one, other }, ct);
        return Done.It;
    }

    /// <summary>They are one person: the second entry ends, and its account can no longer sign in.</summary>
    public async Task<Result<Done>> Same(string? kept, string? ended, Actor by, CancellationToken ct)
    {
        if (kept is null || ended is null || await Pair(string.CompareOrdinal(kept, ended) < 0 ? kept : ended, string.CompareOrdinal(kept, ended) < 0 ? ended : kept, ct) is not { } pair) return Problem.NotFound;
        var (stays, goes) = pair.One == kept ? (pair.OneOfficial, pair.OtherOfficial) : (pair.OtherOfficial, pair.OneOfficial);
        var off = await accounts.SetActive(goes, false, by, ct);
        if (!off.Ok) return off;
        await database.Write(async work =>
        {
            if (await work.Execute("update organisation.onboarding set ended_on = @today where kind = 'user' and key = @ended and ended_on is null", new { ended, today = Ist.Today(time) }) > 0)
                await work.Append($"official/{goes:N}", null, new DuplicateEnded(stays), by, time.GetUtcNow());
        }, ct);
        return Done.It;
    }

    private async Task<Twins?> Pair(string? one, string? other, CancellationToken ct) => (await Twins(ct)).FirstOrDefault(t => t.One == one && t.Other == other);

    private static Check Chosen(IReadOnlyCollection<string> employees, int most)
    {
        var check = new Check();
        if (check.That(employees.Count > 0, "who", "nobody-chosen")) check.That(employees.Count <= most, "who", "too-many", most);
        return check;
    }
}
