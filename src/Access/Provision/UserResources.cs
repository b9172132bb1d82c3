using System.Globalization;
using System.Text.Json.Nodes;
using Sahulat.Access.Scim;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;

namespace Sahulat.Access.Provision;

/// <summary>Officials' accounts as SCIM users.</summary>
internal sealed class UserResources(Database database, Accounts accounts, Barred barred, TimeProvider time)
{
    private const string From = """
        from access.official o left join access.directory_entry e on e.official = o."Id" where e.removed_at is null
        """;

    private const string Columns = """
        o."Id" as id, o."UserName" as user_name, o."FullName" as full_name, o."Email" as email, o."Active" as active, e.external_id, e.resource::text as resource, coalesce(e.version, 0) as version, e.created_at, e.changed_at
        """;

    internal sealed record Row(Guid Id, string UserName, string FullName, string? Email, bool Active, string? ExternalId, string? Resource, long Version, DateTimeOffset? CreatedAt, DateTimeOffset? ChangedAt);

    /// <summary>The page that was asked for, of those that match. What the filter surely names is looked up by an index; the rest of it is tried on what that leaves.</summary>
    public async Task<(int Total, IReadOnlyList<JsonObject> Page)> List(ScimQuery query, string address, CancellationToken ct)
    {
        if (query is { Filter: null, SortBy: null })
        {
            var total = await database.One<int>($"select count(*)::int {From}", ct: ct);
            var page = query.Count == 0 ? [] : await database.Query<Row>($"select {Columns} {From} order by o.\"Id\" offset @Skip limit @Count", new { query.Skip, query.Count }, ct);
            return (total, await Json(page, address, ct));
        }

        var (where, value) = Narrow(query.Filter);
        var rows = await database.Query<Row>($"select {Columns} {From} {where} order by o.\"Id\"", new { value, id = Guid.TryParse(value, out var id) ? id : Guid.Empty }, ct);
        return query.Cut([.. await Json(rows, address, ct)]);
    }

    public async Task<JsonObject> Get(Guid id, string address, CancellationToken ct) =>
        (await Json(await database.Query<Row>($"select {Columns} {From} and o.\"Id\" = @id", new { id }, ct), address, ct)) is [var found] ? found : throw ScimRefusal.NotFound("user of this id");

    public async Task<Guid> Create(JsonObject sent, Actor by, CancellationToken ct)
    {
        var resource = ScimSchemas.Read(ScimSchemas.Users, sent);
        var (userName, name, mail) = Facts(resource);
        var id = Guid.CreateVersion7();
        var active = resource["active"]?.GetValue<bool>() ?? true;
        await database.Write(async work =>
        {
            var made = await work.Execute("""
                insert into access.official ("Id", "FullName", "Synthetic", "UserName", "NormalizedUserName", "Email", "NormalizedEmail", "EmailConfirmed", "SecurityStamp", "ConcurrencyStamp", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount", "Active")
                values (@id, @name, false, @userName, @key, @mail, @mailKey, false, gen_random_uuid()::text, gen_random_uuid()::text, false, false, true, 0, @active) on conflict ("NormalizedUserName") do nothing
                """, new { id, name, userName, key = userName.ToUpperInvariant(), mail, mailKey = mail?.ToUpperInvariant(), active });
            if (made == 0) throw ScimRefusal.Taken("Another official signs in by this userName");
            await Store(work, id, resource);
            await work.Append(Accounts.Stream(id), null, new AccountOpened("scim"), by, time.GetUtcNow());
        }, ct);
        if (!active) await barred.Read(ct);
        return id;
    }

    /// <summary>PUT and PATCH alike: <paramref name="make"/> gives the new resource from the present one.</summary>
    public async Task Change(Guid id, ScimMatch match, Func<JsonObject, JsonObject> make, Actor by, CancellationToken ct)
    {
        await database.Write(async work =>
        {
            var row = await Lock(work, id, match);
            var before = Plain(row);
            var after = ScimSchemas.Read(ScimSchemas.Users, make((JsonObject)before.DeepClone()));
            after["active"] ??= true;
            if (JsonNode.DeepEquals(before, after)) return;
            var (userName, name, mail) = Facts(after);
            if (await work.One<bool>("""select exists (select from access.official where "NormalizedUserName" = @key and "Id" <> @id)""", new { id, key = userName.ToUpperInvariant() })) throw ScimRefusal.Taken("Another official signs in by this userName");
            await work.Execute("""update access.official set "UserName" = @userName, "NormalizedUserName" = @key, "FullName" = @name, "Email" = @mail, "NormalizedEmail" = @mailKey where "Id" = @id""", new { id, name, userName, key = userName.ToUpperInvariant(), mail, mailKey = mail?.ToUpperInvariant() });
            await Store(work, id, after);
            var changed = after.Select(a => a.Key).Union(before.Select(b => b.Key)).Where(k => k != "active" && !JsonNode.DeepEquals(before[k], after[k])).Select(k => k == ScimSchemas.Extension ? "enterprise" : k).Order(StringComparer.Ordinal).ToArray();
            if (changed.Length > 0) await work.Append(Accounts.Stream(id), null, new AccountChanged(changed), by, time.GetUtcNow());
            var active = after["active"]!.GetValue<bool>();
            if (active != row.Active) await accounts.Activate(work, id, active, by);
        }, ct);
        await barred.Read(ct);
    }

    public async Task Remove(Guid id, ScimMatch match, Actor by, CancellationToken ct)
    {
        await database.Write(async work =>
        {
            var row = await Lock(work, id, match);
            await accounts.Remove(work, id, by);
            await work.Execute("delete from access.directory_member where official = @id", new { id });
            await work.Execute("insert into access.directory_entry (official, resource, created_at, changed_at, removed_at) values (@id, '{}', @now, @now, @now) on conflict (official) do update set resource = '{}', external_id = null, version = directory_entry.version + 1, changed_at = @now, removed_at = @now", new { id = row.Id, now = time.GetUtcNow() });
        }, ct);
        await barred.Read(ct);
    }

    private static async Task<Row> Lock(Work work, Guid id, ScimMatch match)
    {
        var row = await work.One<Row>($"select {Columns} {From} and o.\"Id\" = @id for update of o", new { id }) ?? throw ScimRefusal.NotFound("user of this id");
        return match.Allows(row.Version) ? row : throw ScimRefusal.Stale;
    }

    private Task Store(Work work, Guid id, JsonObject resource) => work.Execute("""
        insert into access.directory_entry (official, external_id, resource, created_at, changed_at) values (@id, @external, @resource::jsonb, @now, @now)
        on conflict (official) do update set external_id = excluded.external_id, resource = excluded.resource, version = directory_entry.version + 1, changed_at = excluded.changed_at
        """, new { id, external = (string?)resource["externalId"], resource = resource.ToJsonString(), now = time.GetUtcNow() });

    private static (string UserName, string Name, string? Mail) Facts(JsonObject resource)
    {
        var userName = (string?)resource["userName"] ?? throw ScimRefusal.Value("userName is missing");
        if (!Accounts.IsSignIn(userName)) throw ScimRefusal.Value("userName must be at most 100 letters, digits and any of -._@+");
        var parts = resource["name"] as JsonObject;
        var name = new[] { (string?)resource["displayName"], (string?)parts?["formatted"], $"{(string?)parts?["givenName"]} {(string?)parts?["familyName"]}".Trim(), userName }.First(n => !string.IsNullOrEmpty(n))!;
        if (!Accounts.IsName(name)) throw ScimRefusal.Value("The name must be at most 100 characters");
        var mails = (resource["emails"] as JsonArray)?.OfType<JsonObject>().ToArray() ?? [];
        var mail = (string?)(mails.FirstOrDefault(m => m["primary"]?.GetValue<bool>() == true) ?? mails.FirstOrDefault())?["value"];
        if (mail is { Length: > 256 }) throw ScimRefusal.Value("A mail id must be at most 256 characters");
        return (userName, name, mail);
    }

    /// <summary>What can be written, as it is now. The account's own columns count: it may have been changed at the desk.</summary>
    private static JsonObject Plain(Row row)
    {
        var resource = row.Resource is null ? new JsonObject { ["displayName"] = row.FullName } : (JsonObject)JsonNode.Parse(row.Resource)!;
        (resource["userName"], resource["active"]) = (row.UserName, row.Active);
        if (row.Resource is null && row.Email is not null) resource["emails"] = new JsonArray(new JsonObject { ["value"] = row.Email, ["type"] = "work", ["primary"] = true });
        return resource;
    }

    private async Task<IReadOnlyList<JsonObject>> Json(IReadOnlyList<Row> rows, string address, CancellationToken ct)
    {
        var groups = (await database.Query<(Guid Official, Guid Group, string Name)>("select m.official, g.id, g.display_name from access.directory_member m join access.directory_group g on g.id = m.group_id where m.official = any(@ids) order by g.display_name", new { ids = rows.Select(r => r.Id).ToArray() }, ct)).ToLookup(g => g.Official);
        return [.. rows.Select(row =>
        {
            var json = Plain(row);
            var schemas = new JsonArray(ScimSchemas.User);
            if (json.ContainsKey(ScimSchemas.Extension)) schemas.Add(ScimSchemas.Extension);
            var whole = new JsonObject { ["schemas"] = schemas, ["id"] = row.Id.ToString() };
            foreach (var (key, value) in json.ToArray()) whole[key] = value?.DeepClone();
            var member = groups[row.Id].Select(g => new JsonObject { ["value"] = g.Group.ToString(), ["$ref"] = $"{address}/Groups/{g.Group}", ["display"] = g.Name, ["type"] = "direct" }).ToArray();
            if (member.Length > 0) whole["groups"] = new JsonArray([.. member]);
            whole["meta"] = Meta("User", $"{address}/Users/{row.Id}", row.Version, row.CreatedAt, row.ChangedAt);
            return whole;
        })];
    }

    public static JsonObject Meta(string type, string location, long version, DateTimeOffset? created, DateTimeOffset? changed)
    {
        var meta = new JsonObject { ["resourceType"] = type, ["location"] = location, ["version"] = ScimMatch.Tag(version) };
        if (created is { } c) meta["created"] = Instant(c);
        if (changed is { } m) meta["lastModified"] = Instant(m);
        return meta;
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A condition that every match must fulfil, if the filter has one that an index can answer.</summary>
    private static (string Sql, string? Value) Narrow(ScimFilter? filter) => filter switch
    {
        AndFilter both => Narrow(both.Left) is { Value: not null } left ? left : Narrow(both.Right),
        CompareFilter { Operator: "eq", Path: { Urn: null, Sub: null } path, Value: { } value } when value.TryGetValue(out string? text) => path.Name.ToLowerInvariant() switch
        {
            "username" => ("and o.\"NormalizedUserName\" = @value", text.ToUpperInvariant()),
            "externalid" => ("and e.external_id = @value", text),
            "id" => ("and o.\"Id\" = @id", text),
            _ => ("", null),
        },
        _ => ("", null),
    };
}
