using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Access.Provision;

/// <summary>Opens, changes, deactivates and removes accounts, each with its journal entry. An account opened here has no password: nobody can sign in before the invitation.</summary>
internal sealed class Accounts(Database database, IHoldings holdings, Barred barred, TimeProvider time) : IAccounts
{
    public static string Stream(Guid official) => $"official/{official:N}";

    public static bool IsSignIn(string text) => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-._@+".Contains(c));

    public static bool IsName(string text) => text.Length is > 0 and <= 100 && !text.Any(char.IsControl);

    public async Task<IReadOnlyDictionary<string, Guid>> Provide(Work work, IReadOnlyCollection<NewAccount> accounts, Actor by)
    {
        var row = new
        {
            ids = accounts.Select(_ => Guid.CreateVersion7()).ToArray(), names = accounts.Select(a => a.Name).ToArray(), signIns = accounts.Select(a => a.SignIn).ToArray(), keys = accounts.Select(a => a.SignIn.ToUpperInvariant()).ToArray(),
            mails = accounts.Select(a => a.Mail).ToArray(), mailKeys = accounts.Select(a => a.Mail?.ToUpperInvariant()).ToArray(),
        };
        var opened = await work.Query<Guid>("""
            insert into access.official ("Id", "FullName", "Synthetic", "UserName", "NormalizedUserName", "Email", "NormalizedEmail", "EmailConfirmed", "SecurityStamp", "ConcurrencyStamp", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
            select id, name, false, login, key, mail, mail_key, false, gen_random_uuid()::text, gen_random_uuid()::text, false, false, true, 0 from unnest(@ids, @names, @signIns, @keys, @mails, @mailKeys) as n(id, name, login, key, mail, mail_key)
            on conflict ("NormalizedUserName") do nothing returning "Id"
            """, row);
        await work.Execute("""
            update access.official o set "FullName" = n.name, "Email" = coalesce(n.mail, o."Email"), "NormalizedEmail" = coalesce(n.mail_key, o."NormalizedEmail")
            from unnest(@names, @keys, @mails, @mailKeys) as n(name, key, mail, mail_key)
            where o."NormalizedUserName" = n.key and (o."FullName", o."Email") is distinct from (n.name, coalesce(n.mail, o."Email"))
            """, row);
        await work.Append([.. opened.Select(id => Append.To(Stream(id), null, new AccountOpened("import"), by, time.GetUtcNow()))]);
        var found = await work.Query<(string Key, Guid Id)>("""select lower("UserName"), "Id" from access.official where "NormalizedUserName" = any(@keys)""", row);
        return found.ToDictionary(f => f.Key, f => f.Id, StringComparer.OrdinalIgnoreCase);
    }

    public async Task<IReadOnlyDictionary<string, Guid>> Known(IReadOnlyCollection<string> signIns, CancellationToken ct) =>
        (await database.Query<(string, Guid)>("""select "UserName", "Id" from access.official where "NormalizedUserName" = any(@keys)""", new { keys = signIns.Select(s => s.ToUpperInvariant()).ToArray() }, ct)).ToDictionary(f => f.Item1, f => f.Item2, StringComparer.OrdinalIgnoreCase);

    public async Task<IReadOnlySet<Guid>> Inactive(IReadOnlyCollection<Guid> officials, CancellationToken ct) =>
        (await database.Query<Guid>("""select "Id" from access.official where not "Active" and "Id" = any(@ids)""", new { ids = officials.ToArray() }, ct)).ToHashSet();

    public async Task<Result<Done>> SetActive(Guid official, bool active, Actor by, CancellationToken ct)
    {
        var done = await database.Write<Result<Done>>(async work =>
        {
            if (await work.One<bool?>("""select "Active" from access.official where "Id" = @official for update""", new { official }) is not { } now) return Problem.NotFound;
            if (now != active) await Activate(work, official, active, by);
            return Done.It;
        }, ct);
        await barred.Read(ct);
        return done;
    }

    /// <summary>The new stamp makes every cookie of the account worthless, should it be activated again; until then <see cref="Barred"/> refuses them.</summary>
    public async Task Activate(Work work, Guid official, bool active, Actor by)
    {
        await work.Execute("""update access.official set "Active" = @active, "SecurityStamp" = gen_random_uuid()::text, "ConcurrencyStamp" = gen_random_uuid()::text where "Id" = @official""", new { official, active });
        await (active ? work.Append(Stream(official), null, new AccountReactivated(), by, time.GetUtcNow()) : work.Append(Stream(official), null, new AccountDeactivated(), by, time.GetUtcNow()));
    }

    /// <summary>The name by which he signed in becomes free for another; his own name stays, for the journal names him by his id.</summary>
    public async Task Remove(Work work, Guid official, Actor by)
    {
        await work.Execute("""
            update access.official set "Active" = false, "UserName" = 'removed-' || "Id", "NormalizedUserName" = upper('removed-' || "Id"), "Email" = null, "NormalizedEmail" = null, "PasswordHash" = null, "TwoFactorEnabled" = false, "SecurityStamp" = gen_random_uuid()::text, "ConcurrencyStamp" = gen_random_uuid()::text where "Id" = @official
            """, new { official });
        foreach (var table in new[] { "official_token", "official_passkey", "official_login" }) await work.Execute($"""delete from access.{table} where "UserId" = @official""", new { official });
        await holdings.LeaveAll(work, official, Ist.Today(time), by);
        await work.Append(Stream(official), null, new AccountRemoved(), by, time.GetUtcNow());
    }

    public async Task FirstSignIn(Guid official) => await database.Write(async work =>
    {
        if (await work.Execute("""update access.official set "FirstSignInAt" = @now where "Id" = @official and "FirstSignInAt" is null""", new { official, now = time.GetUtcNow() }) > 0)
            await work.Append(Stream(official), null, new FirstSignedIn(), new Actor($"official:{official:N}"), time.GetUtcNow());
    });
}
