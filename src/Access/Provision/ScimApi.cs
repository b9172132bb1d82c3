using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Access.Scim;
using Sahulat.Contracts.Access;
using Sahulat.Kernel.Pages;

namespace Sahulat.Access.Provision;

/// <summary>SCIM 2.0 (RFC 7643, 7644) for an identity system that keeps the officials. Keys carry the scope <see cref="Policies.ProvisionScope"/>.</summary>
internal static class ScimApi
{
    private const string Base = "/scim/v2", Media = "application/scim+json", Listed = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    private const int MostBytes = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        var scim = app.MapGroup(Base).AddEndpointFilter(Door);
        scim.MapGet("/ServiceProviderConfig", (HttpContext http, SiteAddress site) => One(http, ScimAbout.Provider(site.Of(Base))));
        scim.MapGet("/ResourceTypes", (HttpContext http, SiteAddress site) => All(ScimAbout.Types(site.Of(Base))));
        scim.MapGet("/ResourceTypes/{id}", (HttpContext http, SiteAddress site, string id) => One(http, ScimAbout.Types(site.Of(Base)).FirstOrDefault(t => (string?)t["id"] == id)));
        scim.MapGet("/Schemas", (HttpContext http, SiteAddress site) => All(ScimAbout.Schemas(site.Of(Base))));
        scim.MapGet("/Schemas/{id}", (HttpContext http, SiteAddress site, string id) => One(http, ScimAbout.Schemas(site.Of(Base)).FirstOrDefault(s => id.Equals((string?)s["id"], StringComparison.OrdinalIgnoreCase))));

        scim.MapGet("/Users", async (HttpContext http, UserResources users, SiteAddress site, CancellationToken ct) => await Page(ScimQuery.Of(http.Request), q => users.List(q, site.Of(Base), ct)));
        scim.MapPost("/Users/.search", async (HttpContext http, UserResources users, SiteAddress site, CancellationToken ct) => await Page(ScimQuery.Of(await Body(http)), q => users.List(q, site.Of(Base), ct)));
        scim.MapGet("/Users/{id}", async (HttpContext http, UserResources users, SiteAddress site, string id, CancellationToken ct) => One(http, await users.Get(Id(id, "user"), site.Of(Base), ct)));
        scim.MapPost("/Users", async (HttpContext http, UserResources users, SiteAddress site, CancellationToken ct) => One(http, await users.Get(await users.Create(await Body(http), Caller(http).Actor, ct), site.Of(Base), ct), 201));
        scim.MapPut("/Users/{id}", async (HttpContext http, UserResources users, SiteAddress site, string id, CancellationToken ct) =>
        {
            var sent = await Body(http);
            await users.Change(Id(id, "user"), ScimMatch.Of(http.Request), _ => sent, Caller(http).Actor, ct);
            return One(http, await users.Get(Guid.Parse(id), site.Of(Base), ct));
        });
        scim.MapPatch("/Users/{id}", async (HttpContext http, UserResources users, SiteAddress site, string id, CancellationToken ct) =>
        {
            var sent = await Body(http);
            await users.Change(Id(id, "user"), ScimMatch.Of(http.Request), now => ScimPatch.Apply(ScimSchemas.Users, now, sent), Caller(http).Actor, ct);
            return One(http, await users.Get(Guid.Parse(id), site.Of(Base), ct));
        });
        scim.MapDelete("/Users/{id}", async (HttpContext http, UserResources users, string id, CancellationToken ct) =>
        {
            await users.Remove(Id(id, "user"), ScimMatch.Of(http.Request), Caller(http).Actor, ct);
            return Results.NoContent();
        });

        scim.MapGet("/Groups", async (HttpContext http, GroupResources groups, SiteAddress site, CancellationToken ct) => await Page(ScimQuery.Of(http.Request), q => groups.List(q, site.Of(Base), ct)));
        scim.MapPost("/Groups/.search", async (HttpContext http, GroupResources groups, SiteAddress site, CancellationToken ct) => await Page(ScimQuery.Of(await Body(http)), q => groups.List(q, site.Of(Base), ct)));
        scim.MapGet("/Groups/{id}", async (HttpContext http, GroupResources groups, SiteAddress site, string id, CancellationToken ct) => One(http, await groups.Get(Id(id, "group"), site.Of(Base), ct)));
        scim.MapPost("/Groups", async (HttpContext http, GroupResources groups, SiteAddress site, CancellationToken ct) => One(http, await groups.Get(await groups.Create(await Body(http), Caller(http), ct), site.Of(Base), ct), 201));
        scim.MapPut("/Groups/{id}", async (HttpContext http, GroupResources groups, SiteAddress site, string id, CancellationToken ct) =>
        {
            var sent = await Body(http);
            await groups.Change(Id(id, "group"), ScimMatch.Of(http.Request), _ => sent, Caller(http), ct);
            return One(http, await groups.Get(Guid.Parse(id), site.Of(Base), ct));
        });
        scim.MapPatch("/Groups/{id}", async (HttpContext http, GroupResources groups, SiteAddress site, string id, CancellationToken ct) =>
        {
            var sent = await Body(http);
            await groups.Change(Id(id, "group"), ScimMatch.Of(http.Request), now => ScimPatch.Apply(ScimSchemas.Groups, now, sent), Caller(http), ct);
            return One(http, await groups.Get(Guid.Parse(id), site.Of(Base), ct));
        });
        scim.MapDelete("/Groups/{id}", async (HttpContext http, GroupResources groups, string id, CancellationToken ct) =>
        {
            await groups.Remove(Id(id, "group"), ScimMatch.Of(http.Request), Caller(http), ct);
            return Results.NoContent();
        });
        scim.Map("/{**rest}", IResult (HttpContext http) => throw new ScimRefusal(http.Request.Path.Value is Base + "/Bulk" or Base + "/Me" ? 501 : 404, null, "There is nothing at this address"));
    }

    /// <summary>Every answer, the refused ones too, is SCIM.</summary>
    private static async ValueTask<object?> Door(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            if (http.Caller() is not SystemCaller caller)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                throw new ScimRefusal(401, null, "A key is needed");
            }

            if (!caller.Scopes.Contains(Policies.ProvisionScope)) throw new ScimRefusal(403, null, $"This key has not the scope {Policies.ProvisionScope}");
            return await next(context);
        }
        catch (ScimRefusal refusal)
        {
            return Json(refusal.Body(), refusal.Status);
        }
    }

    private static SystemCaller Caller(HttpContext http) => (SystemCaller)http.Caller();

    private static Guid Id(string text, string what) => Guid.TryParse(text, out var id) ? id : throw ScimRefusal.NotFound($"{what} of this id");

    private static async Task<JsonObject> Body(HttpContext http)
    {
        if (http.Request.ContentLength > MostBytes) throw new ScimRefusal(413, null, $"At most {MostBytes} bytes");
        http.Request.Body = new Microsoft.AspNetCore.WebUtilities.FileBufferingReadStream(http.Request.Body, MostBytes, MostBytes, () => Path.GetTempPath());
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, documentOptions: new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }, cancellationToken: http.RequestAborted) as JsonObject ?? throw ScimRefusal.Syntax("The body must be a JSON object");
        }
        catch (JsonException)
        {
            throw ScimRefusal.Syntax("The body is not JSON");
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new ScimRefusal(413, null, $"At most {MostBytes} bytes");
        }
    }

    private static IResult One(HttpContext http, JsonObject? resource, int status = 200)
    {
        if (resource is null) throw ScimRefusal.NotFound("such resource");
        var meta = resource["meta"];
        var (version, location) = ((string?)meta?["version"], (string?)meta?["location"]);
        if (version is not null) http.Response.Headers.ETag = version;
        if (status == 201 && location is not null) http.Response.Headers.Location = location;
        if (HttpMethods.IsGet(http.Request.Method) && version is not null && http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(version)) return Results.StatusCode(304);
        return Json(ScimShape.Of(http.Request).Apply(resource), status);
    }

    private static async Task<IResult> Page(ScimQuery query, Func<ScimQuery, Task<(int Total, IReadOnlyList<JsonObject> Page)>> list)
    {
        var (total, page) = await list(query);
        return Json(new JsonObject { ["schemas"] = new JsonArray(Listed), ["totalResults"] = total, ["startIndex"] = query.Start, ["itemsPerPage"] = page.Count, ["Resources"] = new JsonArray([.. page.Select(query.Shape.Apply)]) });
    }

    private static IResult All(IReadOnlyList<JsonObject> all) =>
        Json(new JsonObject { ["schemas"] = new JsonArray(Listed), ["totalResults"] = all.Count, ["startIndex"] = 1, ["itemsPerPage"] = all.Count, ["Resources"] = new JsonArray([.. all]) });

    private static IResult Json(JsonObject body, int status = 200) => Results.Text(body.ToJsonString(), Media, System.Text.Encoding.UTF8, status);
}
