using System.Text.Json.Nodes;
using Sahulat.Access.Scim;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Access.Provision;

/// <summary>Groups of officials. A group named as a post is that post: who becomes its member takes charge today, who leaves it is relieved today. Every other group carries no power.</summary>
internal sealed class GroupResources(Database database, IOrganisation organisation, IHoldings holdings, TimeProvider time)
{
    private const string Columns = "id, display_name, external_id, post, version, created_at, changed_at";

    internal sealed record Row(Guid Id, string DisplayName, string? ExternalId, string? Post, long Version, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

    public async Task<(int Total, IReadOnlyList<JsonObject> Page)> List(ScimQuery query, string address, CancellationToken ct) =>
        query.Cut([.. await Json(await database.Query<Row>($"select {Columns} from access.directory_group order by id", ct: ct), address, ct)]);

    public async Task<JsonObject> Get(Guid id, string address, CancellationToken ct) =>
        await Json(await database.Query<Row>($"select {Columns} from access.directory_group where id = @id", new { id }, ct), address, ct) is [var found] ? found : throw ScimRefusal.NotFound("group of this id");

    public async Task<Guid> Create(JsonObject sent, SystemCaller by, CancellationToken ct)
    {
        var resource = ScimSchemas.Read(ScimSchemas.Groups, sent);
        var name = Named(resource);
        var post = organisation.Post(name)?.Code;
        MayChange(post, by);
        var id = Guid.CreateVersion7();
        await database.Write(async work =>
        {
            var made = await work.Execute("insert into access.directory_group (id, display_name, external_id, post, created_at, changed_at) values (@id, @name, @external, @post, @now, @now) on conflict (lower(display_name)) do nothing",
                new { id, name, external = (string?)resource["externalId"], post, now = time.GetUtcNow() });
            if (made == 0) throw ScimRefusal.Taken("There is a group of this displayName");
            await Members(work, new Row(id, name, null, post, 1, default, default), [], Ids(resource), by);
        }, ct);
        return id;
    }

    public Task Change(Guid id, ScimMatch match, Func<JsonObject, JsonObject> make, SystemCaller by, CancellationToken ct) => database.Write(async work =>
    {
        var row = await Lock(work, id, match);
        var held = (await work.Query<Guid>("select official from access.directory_member where group_id = @id order by official", new { id })).ToHashSet();
        var before = new JsonObject { ["displayName"] = row.DisplayName };
        if (row.ExternalId is not null) before["externalId"] = row.ExternalId;
        if (held.Count > 0) before["members"] = new JsonArray([.. held.Select(m => new JsonObject { ["value"] = m.ToString() })]);
        var after = ScimSchemas.Read(ScimSchemas.Groups, make((JsonObject)before.DeepClone()));
        if (JsonNode.DeepEquals(before, after)) return;
        var name = Named(after);
        MayChange(row.Post, by);
        // A group does not become another post, nor a post, by its name: members would change what they hold without being named.
        if (name != row.DisplayName && (row.Post is not null || organisation.Post(name) is not null)) throw ScimRefusal.Fixed("displayName of a post");
        if (await work.One<bool>("select exists (select from access.directory_group where lower(display_name) = lower(@name) and id <> @id)", new { id, name })) throw ScimRefusal.Taken("There is a group of this displayName");
        await work.Execute("update access.directory_group set display_name = @name, external_id = @external, version = version + 1, changed_at = @now where id = @id", new { id, name, external = (string?)after["externalId"], now = time.GetUtcNow() });
        await Members(work, row, held, Ids(after), by);
    }, ct);

    public Task Remove(Guid id, ScimMatch match, SystemCaller by, CancellationToken ct) => database.Write(async work =>
    {
        var row = await Lock(work, id, match);
        MayChange(row.Post, by);
        await Members(work, row, (await work.Query<Guid>("select official from access.directory_member where group_id = @id", new { id })).ToHashSet(), [], by);
        await work.Execute("delete from access.directory_group where id = @id", new { id });
    }, ct);

    private static async Task<Row> Lock(Work work, Guid id, ScimMatch match)
    {
        var row = await work.One<Row>($"select {Columns} from access.directory_group where id = @id for update", new { id }) ?? throw ScimRefusal.NotFound("group of this id");
        return match.Allows(row.Version) ? row : throw ScimRefusal.Stale;
    }

    private async Task Members(Work work, Row group, HashSet<Guid> held, HashSet<Guid> wanted, SystemCaller by)
    {
        var (gone, added) = (held.Except(wanted).ToArray(), wanted.Except(held).ToArray());
        if (gone.Length + added.Length == 0) return;
        var known = (await work.Query<Guid>("""
            select o."Id" from access.official o left join access.directory_entry e on e.official = o."Id" where o."Id" = any(@added) and e.removed_at is null
            """, new { added })).ToHashSet();
        if (added.FirstOrDefault(a => !known.Contains(a)) is var missing && missing != Guid.Empty) throw ScimRefusal.Value($"There is no user {missing}");
        await work.Execute("delete from access.directory_member where group_id = @Id and official = any(@gone)", new { group.Id, gone });
        await work.Execute("insert into access.directory_member (group_id, official) select @Id, unnest(@added) on conflict do nothing", new { group.Id, added });
        if (group.Post is not { } post) return;
        var today = Ist.Today(time);
        foreach (var official in gone) await holdings.LeaveAll(work, official, today, by.Actor, post);
        if (added.Length == 0) return;
        var taken = await holdings.Take(work, [.. added.Select(a => new Holding(post, a, "substantive", today, null))], by.Actor);
        if (!taken.Ok) throw ScimRefusal.Taken(taken.Problem.Code == "post-held" ? "Somebody holds this post already; relieve the holder first" : $"The post was refused: {taken.Problem.Code}");
    }

    private static void MayChange(string? post, SystemCaller by)
    {
        if (post is not null && !by.Scopes.Contains(Policies.PostScope)) throw new ScimRefusal(403, null, $"This key may not give or take posts; it needs the scope {Policies.PostScope}");
    }

    private static string Named(JsonObject resource)
    {
        var name = (string?)resource["displayName"];
        return string.IsNullOrEmpty(name) ? throw ScimRefusal.Value("displayName is missing") : name;
    }

    private static HashSet<Guid> Ids(JsonObject resource) =>
        [.. ((resource["members"] as JsonArray) ?? []).OfType<JsonObject>().Select(m => Guid.TryParse((string?)m["value"], out var id) ? id : throw ScimRefusal.Value($"There is no user {m["value"]}"))];

    private async Task<IReadOnlyList<JsonObject>> Json(IReadOnlyList<Row> rows, string address, CancellationToken ct)
    {
        var members = (await database.Query<(Guid Group, Guid Official, string Name)>("""
            select m.group_id, m.official, o."FullName" from access.directory_member m join access.official o on o."Id" = m.official where m.group_id = any(@ids) order by o."FullName", m.official
            """, new { ids = rows.Select(r => r.Id).ToArray() }, ct)).ToLookup(m => m.Group);
        return [.. rows.Select(row =>
        {
            var json = new JsonObject { ["schemas"] = new JsonArray(ScimSchemas.Group), ["id"] = row.Id.ToString(), ["displayName"] = row.DisplayName };
            if (row.ExternalId is not null) json["externalId"] = row.ExternalId;
            JsonNode[] list = [.. members[row.Id].Select(m => new JsonObject { ["value"] = m.Official.ToString(), ["$ref"] = $"{address}/Users/{m.Official}", ["display"] = m.Name, ["type"] = "User" })];
            if (list.Length > 0) json["members"] = new JsonArray(list);
            json["meta"] = UserResources.Meta("Group", $"{address}/Groups/{row.Id}", row.Version, row.CreatedAt, row.ChangedAt);
            return json;
        })];
    }
}
