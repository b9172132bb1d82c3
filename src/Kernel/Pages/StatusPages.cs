using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>Turns a bare error status, or a fault of ours, into problem+json under /api and into a page in the reader's language elsewhere.</summary>
public sealed class StatusPages(RequestDelegate next, ILogger<StatusPages> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            Restart(http, bad.StatusCode);
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            log.LogError(fault, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            Restart(http, StatusCodes.Status500InternalServerError);
        }

        var response = http.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength is > 0 || !string.IsNullOrEmpty(response.ContentType)) return;
        if (RequestLanguage.IsApi(http.Request))
        {
            http.RequestServices.GetRequiredService<Texts>().Lang = RequestLanguage.Of(http.Request);
            await (Refusal.Of(http) ?? new Problem(CodeOf(response.StatusCode), response.StatusCode)).ToResult(http).ExecuteAsync(http);
            return;
        }

        await ShowPage(http, response.StatusCode);
    }

    /// <summary>The permanent code of a refusal that only has a status.</summary>
    public static string CodeOf(int status) => status switch
    {
        400 => "bad-request",
        401 => "sign-in-needed",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        409 => "changed-meanwhile",
        410 => "gone",
        413 => "too-large",
        415 => "unsupported-media-type",
        422 => "invalid-input",
        429 => "too-many-requests",
        503 => "not-now",
        >= 500 => "our-fault",
        _ => "other",
    };

    private static void Restart(HttpContext http, int status)
    {
        http.Response.Clear();
        // Clear() takes the headers of SecurityHeaders away too, so they are set again.
        SecurityHeaders.Set(http);
        http.Response.StatusCode = status;
    }

    private async Task ShowPage(HttpContext http, int status)
    {
        var lang = RequestLanguage.Of(http.Request);
        var (path, query, method) = (http.Request.Path, http.Request.QueryString, http.Request.Method);
        http.Features.Set<IStatusPageFeature>(new StatusPageFeature(path + query.ToString(), status));
        http.SetEndpoint(null);
        http.Features.Get<IRouteValuesFeature>()?.RouteValues.Clear();
        http.Request.Path = $"/{lang.Code}/status";
        http.Request.QueryString = QueryString.Empty;
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            log.LogError(fault, "the page for status {Status} failed", status);
            http.Response.StatusCode = status;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync($"{status}");
        }
        finally
        {
            (http.Request.Path, http.Request.QueryString, http.Request.Method) = (path, query, method);
        }
    }
}

/// <summary>What the status page is shown for.</summary>
public interface IStatusPageFeature
{
    string Address { get; }

    int Status { get; }
}

internal sealed record StatusPageFeature(string Address, int Status) : IStatusPageFeature;
