using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Pages;

namespace Sahulat.Cases.Verify;

/// <summary>Whether a certificate is genuine, for anyone. Who has the paper has its token and sees the name; who has only the number sees first letters.</summary>
[RequestSizeLimit(6 * 1024 * 1024)]
internal sealed partial class VerifyModel(Certificates certificates, Attempts attempts, TimeProvider time) : SahulatPage
{
    /// <summary>By number, an hour for one address: nobody shall find numbers by trying.</summary>
    private const int NumbersPerHour = 60;

    private const int MaxMegabytes = 5;

    public CertificateRow? Found { get; private set; }

    public bool Unknown { get; private set; }

    /// <summary>Null when the person was erased.</summary>
    public string? Name { get; private set; }

    /// <summary>The name is shown whole.</summary>
    public bool Whole { get; private set; }

    public string? Asked { get; private set; }

    public string Standing => Found!.Standing(Ist.Today(time));

    public string Tone => Standing switch { "valid" => "green", "expired" => "yellow", _ => "red" };

    public string Service => certificates.ServiceOf(Found!) is { } s ? s.Certificate?.Title.In(Lang) ?? s.Name.In(Lang) : Found!.Service;

    public string? Office => certificates.OfficeOf(Found!)?.Name.In(Lang);

    public DateOnly? RevokedOn => Found!.RevokedAt is { } at ? Ist.DateIn(at) : null;

    private string Address => HttpContext.Connection.RemoteIpAddress?.ToString() ?? "";

    public async Task<IActionResult> OnGet(string? token, CancellationToken ct)
    {
        if (token is null) return Page();
        if (!await attempts.Allowed("verify", Address, VerifyEndpoint.PerHour, ct)) return Refuse(CaseProblems.TooManyAttempts);
        // Who types the number behind /verify/ means the number.
        if (Reference.ParseCertificate(token, out _) is not null && token.Length != TokenLength) return await OnPost(token, null, ct);
        return await Show(Token().IsMatch(token) ? await certificates.ByToken(token, ct) : null, whole: true, ct);
    }

    public async Task<IActionResult> OnPost([FromForm] string? number, IFormFile? file, CancellationToken ct)
    {
        Asked = number?.Trim();
        if (!await attempts.Allowed("verify-number", Address, NumbersPerHour, ct)) return Refuse(CaseProblems.TooManyAttempts);
        if (file is { Length: > 0 }) return await ByFile(file, ct);
        if (string.IsNullOrEmpty(Asked)) return Refuse(Problem.Invalid([new Fault("number", "required")]));
        if (Asked.Length <= 400 && AddressOfCode().Match(Asked) is { Success: true } scanned) return Go($"/verify/{scanned.Groups[1].Value}");
        if (Reference.ParseCertificate(Asked, out var fault) is not { } parsed) return Refuse(Problem.Invalid([new Fault("number", fault == "reference-check" ? fault : "certificate-form")]));
        return await Show(await certificates.ByNumber(parsed, ct) is { State: "issued" } row ? row : null, whole: false, ct);
    }

    private async Task<IActionResult> ByFile(IFormFile file, CancellationToken ct)
    {
        if (file.Length > MaxMegabytes * 1024 * 1024) return Refuse(Problem.Invalid([new Fault("file", "file-too-large", MaxMegabytes)]));
        await using var content = file.OpenReadStream();
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        return await certificates.ByDigest(digest, ct) is { } same ? Go($"/verify/{same.Token}") : Refuse(Problem.Invalid([new Fault("file", "certificate-file-unknown")]));
    }

    private async Task<IActionResult> Show(CertificateRow? row, bool whole, CancellationToken ct)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        (Found, Unknown, Whole) = (row, row is null, whole);
        if (row is null) Response.StatusCode = StatusCodes.Status404NotFound;
        else if (await certificates.HolderOf(row, ct) is { } name) Name = whole ? name : Certificates.Mask(name);
        return Page();
    }

    private const int TokenLength = 22;

    [GeneratedRegex("^[A-Za-z0-9_-]{22}$")]
    private static partial Regex Token();

    [GeneratedRegex(@"(?:^|/verify/)([A-Za-z0-9_-]{22})/?(?:[?#].*)?$")]
    private static partial Regex AddressOfCode();
}
