using System.Xml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;
using Sahulat.Office.Sign;

namespace Sahulat.Office.Draft;

/// <summary>Signing with an eSign provider: the letter is printed and waits, the official's browser carries the request there and the response back. The response is believed by its signature, whoever brings it.</summary>
internal sealed class ESigning(Database database, Drafts drafts, OfficePosts posts, IOfficials officials, ESign esign, Seals seals, SiteAddress site)
{
    private sealed record Waiting(string Txn, Guid DraftId, int Version, Guid Official, string Number, int Gap, int Length, byte[] Pdf, string? Ended);

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/{lang}/desk/office/esign", async (HttpContext http, string lang, ESigning signing, CancellationToken ct) =>
    {
        // The provider's page brings it: another site, and without the official's session.
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(ct) : FormCollection.Empty;
        var (draft, problem) = await signing.Finish(form["eSignResponse"], ct);
        if (draft is not { } of) return Results.StatusCode(StatusCodes.Status400BadRequest);
        http.Response.Headers.Location = $"/{lang}/desk/office/drafts/{of:N}{(problem is null ? "" : $"?esign={problem.Code}")}";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }).AllowAnonymous().DisableAntiforgery();

    public async Task<Result<ESignForm>> Begin(Reach reach, DraftShown draft, string lang, CancellationToken ct)
    {
        var txn = Guid.NewGuid().ToString("N");
        ESignForm? form = null;
        var done = await drafts.Approved(reach, draft, async (open, text) =>
        {
            // A number that went out once and did not come back is used again.
            var before = await open.Work.One<string>("select number from office.esign where draft_id = @Id order by at limit 1", new { draft.Id });
            var printed = await drafts.Print(open, draft, text, reach.Who.Name, before, ct);
            if (!printed.Ok) return printed.Problem;
            var prepared = PdfSignature.Prepare(printed.Value.Pdf, reach.Who.Name, open.At);
            var key = await seals.Key(open.Work, draft.FileId);
            await open.Work.Execute("insert into office.esign (txn, draft_id, version, official, number, gap, length, pdf, at) values (@txn, @Id, @Versions, @who, @Number, @Gap, @GapLength, @pdf, @At)",
                new { txn, draft.Id, draft.Versions, who = reach.Who.Id, printed.Value.Number, prepared.Gap, prepared.GapLength, pdf = seals.Vault.Seal(key, prepared.Bytes, Context(txn)), open.At });
            open.Say(new ESignBegun(draft.Id, draft.Versions, printed.Value.Number, txn));
            form = esign.Request(txn, prepared.Digest, $"{open.File.Shown} / {printed.Value.Number}", new Uri(site.Of($"/{lang}/desk/office/esign")));
            return null;
        }, ct);
        return done.Ok ? form! : done.Problem;
    }

    /// <returns>The draft that it is about, if the response is genuine, and what was wrong.</returns>
    private async Task<(Guid? Draft, Problem? Problem)> Finish(string? response, CancellationToken ct)
    {
        if (esign is not { Offered: true } || esign.Genuine(response) is not { } root) return (null, OfficeProblems.ESignBad);
        var txn = root.GetAttribute("txn");
        if (await database.One<Waiting>("select txn, draft_id, version, official, number, gap, length, pdf, ended from office.esign where txn = @txn", new { txn }, ct) is not { } waiting) return (null, Problem.NotFound);
        if (waiting.Ended is not null) return (waiting.DraftId, waiting.Ended == "signed" ? null : OfficeProblems.ESignRefused);
        if (root.GetAttribute("status") != "1" || root.SelectSingleNode("Signatures/DocSignature[@id='1']") is not XmlElement { InnerText: { Length: > 0 } signature })
        {
            await database.Execute("update office.esign set ended = 'refused' where txn = @txn and ended is null", new { txn }, ct);
            return (waiting.DraftId, OfficeProblems.ESignRefused);
        }

        var name = (await officials.Names([waiting.Official], ct)).GetValueOrDefault(waiting.Official)?.Name ?? "";
        var draft = await drafts.Find(waiting.DraftId, ct);
        if (draft is null || draft.Versions != waiting.Version) return (waiting.DraftId, Problem.Conflict);
        var done = await drafts.Approved(posts.Of(new OfficialCaller(waiting.Official, name)), draft, async (open, text) =>
        {
            if (await open.Work.Execute("update office.esign set ended = 'signed' where txn = @txn and ended is null", new { txn }) == 0) return Problem.Conflict;
            var key = await seals.Key(open.Work, draft.FileId);
            var signed = esign.Embed(new PreparedPdf(seals.Vault.Open(key, waiting.Pdf, Context(txn)), waiting.Gap, waiting.Length), signature);
            return signed.Ok ? await drafts.Keep(open, draft, text, waiting.Number, signed.Value, ct) : signed.Problem;
        }, ct);
        return (waiting.DraftId, done.Ok ? null : done.Problem);
    }

    private static string Context(string txn) => $"office.esign/{txn}";
}
