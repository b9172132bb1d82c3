using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Organisation;

public sealed class PlacesApiTests(SharedLoadedSite shared) : IClassFixture<SharedLoadedSite>
{
    [Theory]
    [InlineData("kind=district", 20)]
    [InlineData("kind=tehsil", 208)]
    [InlineData("kind=district&parent=division-kashmir", 10)]
    [InlineData("kind=district&q=anant", 1)]
    [InlineData("kind=district&q=%D8%A7%D9%86%D9%86%D8%AA", 1)]
    [InlineData("pin=180001", 1)]
    [InlineData("pin=999999", 0)]
    public async Task Places_AreListed(string query, int count)
    {
        var site = shared.Site;
        using var client = site.Client();
        var answer = await client.GetFromJsonAsync<JsonElement>("/api/v1/places?" + query);
        Assert.Equal(count, answer.GetProperty("places").GetArrayLength());
    }

    [Fact]
    public async Task Place_NamesWhatItLiesIn_AndIsNotSentAgainUnchanged()
    {
        var site = shared.Site;
        using var client = site.Client();
        using var first = await client.GetAsync("/api/v1/places/tehsil-79");
        var answer = await first.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("tehsil-79", answer.GetProperty("place").GetProperty("code").GetString());
        Assert.Equal(["district", "division", "ut"], answer.GetProperty("within").EnumerateArray().Select(p => p.GetProperty("kind").GetString()!));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/places/tehsil-79") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task WrongQuestions_GetEveryFault()
    {
        var site = shared.Site;
        using var client = site.Client();
        using var refused = await client.GetAsync($"/api/v1/places?kind=planet&parent=mars&pin=12&q={new string('a', 101)}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json").MediaType, refused.Content.Headers.ContentType?.MediaType);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["/kind", "/parent", "/q", "/pin"], problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()!));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/places/nowhere")).StatusCode);
    }
}
