using Microsoft.AspNetCore.Identity;
using Sahulat.Access.Officials;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Access.Demo;

/// <summary>A synthetic official, marked "(demo)", for every post but a few, which stay vacant. The user name is the post's code; password and authenticator key are the same for all.</summary>
internal sealed class DemoOfficials(Database database, IOrganisation organisation, IHoldings holdings, IPasswordHasher<Official> passwords, TokenSeal seal, TimeProvider time) : IDemo
{
    public const string Password = "sahulat-demo-2026";
    public const string Secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    /// <summary>A service is made by one administrator and approved by another.</summary>
    public const string Administrator = "sahulat-administrator@ut-1", SecondAdministrator = "financial-commissioner-revenue@ut-1";

    private static readonly string[] First = ["Aadil", "Anjali", "Arif", "Asha", "Bashir", "Deepak", "Farida", "Gulzar", "Haseena", "Imtiyaz", "Jyoti", "Kuldeep", "Lateef", "Meena", "Nazir", "Parveen", "Rakesh", "Rukhsana", "Sanjay", "Shabir", "Sunita", "Tariq", "Usha", "Vikram", "Yasmeen", "Zahoor"];
    private static readonly string[] Last = ["Ahmad", "Bhat", "Chib", "Dar", "Gupta", "Jamwal", "Khan", "Khajuria", "Lone", "Mir", "Pandita", "Rather", "Sharma", "Sheikh", "Singh", "Wani"];

    public async Task<IReadOnlyList<string>> Fill(DemoPlan plan, IProgress<double> progress, CancellationToken ct)
    {
        if (!await database.One<bool>("select exists (select from access.official where \"Synthetic\")", ct: ct)) await Make(plan, ct);
        progress.Report(1);
        return
        [
            $"Officials sign in at /en/desk/sign-in with password {Password} and a code from the authenticator key {Secret}:",
            .. new[] { "tehsildar@tehsil-79", "naib-tehsildar@tehsil-79", "deputy-commissioner@district-5", "film-production-officer@ut-1", "service-centre-operator@tehsil-79", Administrator, SecondAdministrator }
                .Where(p => organisation.Post(p) is not null).Select(p => $"  {p}"),
            "Citizens sign in at /en/sign-in with any mobile number; codes are shown at /en/outbox.",
        ];
    }

    private async Task Make(DemoPlan plan, CancellationToken ct)
    {
        var random = new Random(plan.Seed);
        var posts = organisation.OfKind("ut").Concat(organisation.OfKind("state")).Concat(organisation.OfKind("division")).Concat(organisation.OfKind("district")).Concat(organisation.OfKind("tehsil")).Concat(organisation.OfKind("block")).Concat(organisation.OfKind("body"))
            .SelectMany(p => organisation.PostsAt(p.Code)).ToArray();
        var filled = posts.Where(p => p.Place == "tehsil-79" || organisation.Place(p.Place) is { Parent: null } || p.Designation == "deputy-commissioner" || random.Next(100) >= 4).ToArray();
        var rows = filled.Select(p => (Id: Guid.CreateVersion7(), Post: p.Code, Name: $"{First[random.Next(First.Length)]} {Last[random.Next(Last.Length)]} (demo)")).ToArray();
        var hash = passwords.HashPassword(new Official(), Password);
        var from = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-plan.Days - 30);
        var result = await database.Write(async work =>
        {
            await work.Execute("""
                insert into access.official ("Id", "FullName", "Synthetic", "UserName", "NormalizedUserName", "EmailConfirmed", "PasswordHash", "SecurityStamp", "ConcurrencyStamp", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
                select id, name, true, login, upper(login), false, @hash, md5(id::text), md5(id::text), false, true, true, 0 from unnest(@ids, @names, @logins) as n(id, name, login)
                """, new { hash, ids = rows.Select(r => r.Id).ToArray(), names = rows.Select(r => r.Name).ToArray(), logins = rows.Select(r => r.Post).ToArray() });
            await work.Execute("""insert into access.official_token ("UserId", "LoginProvider", "Name", "Value") select id, '[AspNetUserStore]', 'AuthenticatorKey', secret from unnest(@ids, @secrets) as n(id, secret)""", new { ids = rows.Select(r => r.Id).ToArray(), secrets = rows.Select(r => seal.Seal(r.Id, "AuthenticatorKey", Secret)).ToArray() });
            return await holdings.Take(work, [.. rows.Select(r => new Holding(r.Post, r.Id, "substantive", from, null)), .. Charges(rows, from)], Actor.Sahulat("demo"));
        }, ct);
        if (!result.Ok) throw new InvalidOperationException($"demo officials were refused: {result.Problem.Code}");
    }

    /// <summary>Vacant tehsildars' posts are half covered by additional charge; the administrator has a second.</summary>
    private IEnumerable<Holding> Charges((Guid Id, string Post, string Name)[] rows, DateOnly from)
    {
        var held = rows.ToDictionary(r => r.Post, r => r.Id);
        return organisation.OfKind("tehsil").Select(t => (Vacant: $"tehsildar@{t.Code}", By: $"naib-tehsildar@{t.Code}"))
            .Where((p, i) => i % 2 == 0 && !held.ContainsKey(p.Vacant) && held.ContainsKey(p.By) && organisation.Post(p.Vacant) is not null)
            .Select(p => new Holding(p.Vacant, held[p.By], "additional", from, null))
            .Concat(held.TryGetValue(SecondAdministrator, out var second) && held.ContainsKey(Administrator) ? [new Holding(Administrator, second, "additional", from, null)] : []);
    }
}
