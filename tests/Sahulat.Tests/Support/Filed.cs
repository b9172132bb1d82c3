using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Access.Systems;
using Sahulat.Contracts.Access;

namespace Sahulat.Tests.Support;

/// <summary>Requests filed over the API, as another department's system does.</summary>
internal static class Filed
{
    public const string Service = "income-certificate";
    public const string Place = "tehsil-79";

    /// <summary>A complete request for an income certificate in Jammu tehsil.</summary>
    public static JsonObject Income(string mobile = "9419012345", string place = Place) => (JsonObject)JsonNode.Parse($$$$"""
        {"service":"{{{{Service}}}}","place":"{{{{place}}}}","applicant":{"mobile":"{{{{mobile}}}}","lang":"en"},"answers":{"full_name":"Rukhsana Ahmad Bhat","father_name":"Ghulam Ahmad Bhat","mother_name":"Haseena Bano",
        "born_on":"1994-06-21","gender":"female","marital_status":"unmarried","mobile":"{{{{mobile}}}}","address":"House 14, Lane 3, Lal Nagar, near the school","pin":"180001","other_category":"none",
        "members":[{"member_name":"Rukhsana Ahmad Bhat","member_relation":"self","member_age":32,"member_work":"tailor","member_income":96000},{"member_name":"Ghulam Ahmad Bhat","member_relation":"father","member_age":61,"member_income":0}],
        "financial_year":"2025-26","family_income":96000,"main_source":"wages","land_kanal":0,"has_house":"no","has_plot":"no",
        "identity_proof":{"document":"0199a0b0-c0d0-7000-8000-000000000001","name":"identity.pdf","type":"application/pdf","size":182044},
        "affidavit":{"document":"0199a0b0-c0d0-7000-8000-000000000002","name":"affidavit.pdf","type":"application/pdf","size":90211}}}
        """)!;

    /// <summary>Files it and gives its reference.</summary>
    public static async Task<string> FileIncome(this HttpClient system, string mobile = "9419012345", string place = Place)
    {
        using var answer = await system.File(Income(mobile, place));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["reference"]!;
    }

    /// <summary>A client that may file.</summary>
    public static async Task<HttpClient> System(this TestSite site, params string[] scopes)
    {
        var key = await site.Services.GetRequiredService<ApiKeys>().Create("key-" + Guid.NewGuid().ToString("N")[..8], "test", scopes.Length == 0 ? [Policies.FileScope] : scopes, default);
        var client = site.Client();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }

    public static async Task<HttpResponseMessage> File(this HttpClient system, JsonNode body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cases") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        return await system.SendAsync(request);
    }
}
