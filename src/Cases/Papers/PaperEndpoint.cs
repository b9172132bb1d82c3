using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Papers;

/// <summary><c>POST /api/v1/papers</c>: a system sends a paper (multipart: <c>mobile</c>, <c>file</c>) and names it afterwards in the answers of a request of the same citizen.</summary>
internal static class PaperEndpoint
{
    private const int MaxMegabytes = 10;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/papers", Post).RequireAuthorization(Policies.System).DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute((MaxMegabytes + 1) * 1024 * 1024));

    private static async Task<IResult> Post(HttpContext http, PaperStore papers, ICitizens citizens, Vault vault, Database database, CancellationToken ct)
    {
        if (http.Caller() is not SystemCaller system || !system.Scopes.Contains(Policies.FileScope)) return Problem.Forbidden.ToResult(http);
        if (!http.Request.HasFormContentType) return new Problem("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType).ToResult(http);
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(ct);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return CaseProblems.TooLarge.ToResult(http);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or BadHttpRequestException)
        {
            return CaseProblems.MalformedForm.ToResult(http);
        }

        var check = new Check();
        foreach (var name in form.Keys.Concat(form.Files.Select(f => f.Name))) check.That(name is "mobile" or "file", "/" + name, "unknown-field");
        var mobile = Mobile.Normalise(form["mobile"]);
        check.That(mobile is not null, "/mobile", form.ContainsKey("mobile") ? "not-a-mobile" : "required");
        check.That(form.Files.Count(f => f.Name == "file") == 1, "/file", form.Files.Count > 1 ? "repeated-field" : "file-required");
        if (!check.Ok) return check.ToProblem().ToResult(http);
        var file = form.Files.GetFile("file")!;
        var bad = await papers.Fault("/file", MaxMegabytes, file, ct);
        if (bad is not null) return bad.ToResult(http);
        var owner = await database.Write(async work =>
        {
            var citizen = (await citizens.Resolve(work, [mobile!]))[mobile!];
            await vault.Key(work, citizen, IntakeBatch.Retention);
            return citizen;
        }, ct);
        var added = await papers.Add(owner, new(System: system.Actor.Token), "/file", MaxMegabytes, file, ct);
        return added.Ok ? Results.Json(added.Value, statusCode: StatusCodes.Status201Created) : added.Problem.ToResult(http);
    }
}
