using System.Net;
using System.Net.Http.Json;
using System.Text;
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

    /// <summary>A request for an income certificate in Jammu tehsil whose answers are right; the papers it names were never sent.</summary>
    public static JsonObject Income(string mobile = "9419012345", string place = Place) => (JsonObject)JsonNode.Parse($$$$"""
        {"service":"{{{{Service}}}}","place":"{{{{place}}}}","applicant":{"mobile":"{{{{mobile}}}}","lang":"en"},"answers":{"full_name":"Rukhsana Ahmad Bhat","father_name":"Ghulam Ahmad Bhat","mother_name":"Haseena Bano",
        "born_on":"1994-06-21","gender":"female","marital_status":"unmarried","mobile":"{{{{mobile}}}}","address":"House 14, Lane 3, Lal Nagar, near the school","pin":"180001","other_category":"none",
        "members":[{"member_name":"Rukhsana Ahmad Bhat","member_relation":"self","member_age":32,"member_work":"tailor","member_income":96000},{"member_name":"Ghulam Ahmad Bhat","member_relation":"father","member_age":61,"member_income":0}],
        "financial_year":"2025-26","family_income":96000,"main_source":"wages","land_kanal":0,"has_house":"no","has_plot":"no",
        "identity_proof":{"document":"0199a0b0-c0d0-7000-8000-000000000001","name":"identity.pdf","type":"application/pdf","size":182044},
        "affidavit":{"document":"0199a0b0-c0d0-7000-8000-000000000002","name":"affidavit.pdf","type":"application/pdf","size":90211}}}
        """)!;

    /// <summary>The same, with papers that were sent before.</summary>
    public static async Task<JsonObject> Income(this HttpClient system, string mobile = "9419012345", string place = Place)
    {
        var body = Income(mobile, place);
        foreach (var field in new[] { "identity_proof", "affidavit" })
        {
            using var answer = await system.Send(mobile, Pdf(field));
            Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
            body["answers"]![field] = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
        }

        return body;
    }

    /// <summary>Sends a paper over the API.</summary>
    public static async Task<HttpResponseMessage> Send(this HttpClient system, string mobile, byte[] content, string name = "paper.pdf")
    {
        using var form = new MultipartFormDataContent { { new StringContent(mobile), "mobile" }, { new ByteArrayContent(content), "file", name } };
        return await system.PostAsync("/api/v1/papers", form);
    }

    /// <summary>The smallest whole PDF, with a page that says <paramref name="text"/>.</summary>
    public static byte[] Pdf(string text)
    {
        var drawn = $"BT /F1 24 Tf 72 700 Td ({text}) Tj ET";
        string[] objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", $"<< /Length {drawn.Length} >>\nstream\n{drawn}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
        var pdf = new StringBuilder("%PDF-1.4\n");
        var at = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            at.Add(pdf.Length);
            pdf.Append($"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var table = pdf.Length;
        pdf.Append($"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var offset in at) pdf.Append($"{offset:D10} 00000 n \n");
        pdf.Append($"trailer << /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }

    /// <summary>Files it and gives its reference.</summary>
    public static async Task<string> FileIncome(this HttpClient system, string mobile = "9419012345", string place = Place)
    {
        using var answer = await system.File(await system.Income(mobile, place));
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
