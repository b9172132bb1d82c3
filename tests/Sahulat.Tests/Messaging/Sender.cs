using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Clients;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Messaging;

/// <summary>A department's system.</summary>
internal static class Sender
{
    public static async Task<(HttpClient Client, string Key)> Department(this TestSite site, string kind = "live", string code = "jal-shakti", bool trial = false)
    {
        var made = await site.Services.GetRequiredService<ServiceKeys>().Create(code, code, kind, trial, default);
        var client = site.Client();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + made.Value);
        return (client, made.Value);
    }

    public static JsonObject TryOut(string mobile = "9419012345", string name = "Rukhsana", string lang = "en") =>
        new() { ["template"] = "try-out", ["recipient"] = new JsonObject { ["mobile"] = mobile }, ["lang"] = lang, ["personalisation"] = new JsonObject { ["name"] = name }, ["reference"] = "bill-1" };

    public static async Task<HttpResponseMessage> Post(this HttpClient client, JsonNode body, string? key = null, string path = "/api/v1/messages")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key != "") request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        return await client.SendAsync(request);
    }

    public static async Task<JsonObject> Json(this HttpResponseMessage answer) => (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    public static async Task<JsonObject> Json(this HttpClient client, string path) => (JsonObject)JsonNode.Parse(await client.GetStringAsync(path))!;

    public static Task Becomes(this HttpClient client, string id, string status) =>
        Eventually.True(async () => (string?)(await client.Json($"/api/v1/messages/{id}"))["status"] == status, $"message becomes {status}");
}
