using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Kernel.Language;

namespace Sahulat.Kernel.Pages;

/// <summary>Base of every page of a room.</summary>
public abstract class SahulatPage : PageModel
{
    public Texts T => HttpContext.RequestServices.GetRequiredService<Texts>();

    public Lang Lang => T.Lang;

    /// <summary>What was refused in this request; the layout shows it above the page, the fields beside themselves.</summary>
    public Problem? Refused => Refusal.Of(HttpContext);

    public IReadOnlyList<Fault> Faults => Refused?.Faults ?? [];

    /// <summary>Shows the same page again with the problem's status and every fault; 401, 403, 404 and 410 show the page for that status instead.</summary>
    protected IActionResult Refuse(Problem problem)
    {
        Refusal.Set(HttpContext, problem);
        if (problem.Status is 401 or 403 or 404 or 410) return StatusCode(problem.Status);
        Response.StatusCode = problem.Status;
        return Page();
    }

    /// <summary>The path in the language of this request: <c>Url("/track")</c> is <c>/ur/track</c>.</summary>
    public new string Url(string path) => T.Url(path);

    /// <summary>To another page of the site after a POST that was done (303, so that reload does not send again); what the browser kept of the form may go.</summary>
    protected IActionResult Go(string path)
    {
        Kept.Taken(HttpContext);
        Response.Headers.Location = T.Url(path);
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}

/// <summary>The refusal of the present request, for layouts and tag helpers.</summary>
public static class Refusal
{
    private static readonly object Key = new();

    public static Problem? Of(HttpContext http) => http.Items.TryGetValue(Key, out var problem) ? problem as Problem : null;

    public static void Set(HttpContext http, Problem problem) => http.Items[Key] = problem;

    /// <summary>The faults of one field, by form name or JSON pointer.</summary>
    public static IEnumerable<Fault> For(HttpContext http, string name) => Of(http)?.Faults.Where(f => Matches(f.Pointer, name)) ?? [];

    internal static bool Matches(string pointer, string name) =>
        pointer.AsSpan().TrimStart('/').SequenceEqual(name) || (pointer.StartsWith('/') && pointer[1..].Replace('/', '.') == name);
}
