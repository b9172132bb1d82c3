using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Cases.Requests;
using Sahulat.Cases.Submit;
using Sahulat.Cases.Verify;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Certify;

/// <summary>Prints, signs and stores the certificates that wait. Any number of nodes: each takes one at a time for a while; what fails comes again later; only one print of a certificate is kept.</summary>
internal sealed class Press(Database database, Certificates certificates, CaseView view, CertificateSheet sheet, SheetPrinter printer, SigningKeys keys, Vault vault, SealedBlobs blobs, TimeProvider time, ILogger<Press> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How long a node has what it took; longer than a print can last.</summary>
    private static readonly TimeSpan Taken = TimeSpan.FromMinutes(2);

    /// <summary>Before the second try, the third…</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>Prints the next certificate that is due.</summary>
    /// <returns>False when none is.</returns>
    public async Task<bool> Once(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var next = await database.One<string>("""
            update cases.certificate set due_at = @until, tries = tries + 1 where state = 'waiting' and number = (
              select number from cases.certificate where state = 'waiting' and due_at <= @now order by wanted_at, queued_at limit 1 for update skip locked)
            returning number
            """, new { now, until = now + Taken }, ct);
        if (next is null || await certificates.ByNumber(next, ct) is not { } certificate) return false;
        try
        {
            await Issue(certificate, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            var wait = Waits[Math.Min(certificate.Tries - 1, Waits.Length - 1)];
            log.LogError(e, "certificate {Number} was not printed at try {Try}; again in {Wait}", certificate.Number, certificate.Tries, wait);
            await database.Execute("update cases.certificate set due_at = @due where number = @Number and state = 'waiting'", new { due = time.GetUtcNow() + wait, certificate.Number }, ct);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await Once(stoppingToken))
                {
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "the press stopped; it goes on");
            }

            await Task.Delay(Look, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task Issue(CertificateRow certificate, CancellationToken ct)
    {
        var held = await vault.Keys([certificate.Applicant], IntakeBatch.Retention, ct);
        if (!held.TryGetValue(certificate.Applicant, out var key) || await view.Answers(certificate.CaseId, certificate.Applicant, ct) is not { } answers)
        {
            await database.Execute("update cases.certificate set state = 'erased' where number = @Number and state = 'waiting'", new { certificate.Number }, ct);
            return;
        }

        certificates.Correct(answers, certificate, key);
        var pdf = await printer.Print(sheet.Html(certificate, answers), ct);
        var digest = Convert.ToHexStringLower(SHA256.HashData(pdf));
        var statement = await keys.Sign(JsonSerializer.SerializeToUtf8Bytes(Statement(certificate, digest), JournalJson.Options), ct);
        var blob = await blobs.Put(key, new MemoryStream(pdf), Certificates.BlobContext(certificate.Number), ct);
        var holder = vault.Seal(key, Encoding.UTF8.GetBytes(sheet.Holder(certificate, answers)), Certificates.HolderContext(certificate.Number));
        var now = time.GetUtcNow();
        var kept = await database.Write(async work =>
        {
            var rows = await work.Execute("update cases.certificate set state = 'issued', issued_at = @now, blob = @blob, digest = @digest, statement = @statement, holder = @holder where number = @Number and state = 'waiting'",
                new { now, blob, digest, statement, holder, certificate.Number });
            if (rows == 1) await Certificates.Journal(work, certificate.CaseId, new CertificateIssued(certificate.Number, digest, certificate.Replaces), Actor.Sahulat("certificates"), now);
            return rows == 1;
        }, ct);
        if (!kept) await blobs.Delete(blob, ct);
    }

    /// <summary>What is signed: enough to know the paper again, and nothing about the person.</summary>
    private Statement Statement(CertificateRow c, string digest) => new(c.Number, c.Service, c.Reference, certificates.OfficeOf(c)?.Code, c.IssuedOn, c.ExpiresOn, c.Replaces, digest);
}

/// <summary>The payload of the signature. Dates are days in India, both inclusive.</summary>
internal sealed record Statement(string Number, string Service, string Reference, string? Office, DateOnly IssuedOn, DateOnly? ValidUntil, string? Replaces, string PdfSha256);
