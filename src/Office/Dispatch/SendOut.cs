using System.Security.Cryptography;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Messaging;
using Sahulat.Contracts.Office;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;
using Sahulat.Office.Fetch;
using Sahulat.Office.KeepFile;
using Sahulat.Office.Papers;
using Sahulat.Office.Receive;

namespace Sahulat.Office.Dispatch;

/// <summary>Sends the mails and messages of what was dispatched or acknowledged. Sending is idempotent by the reference, so an entry that comes again tells nobody twice; only what waits is sent, so that a follower that begins anew tells nobody of old things.</summary>
internal sealed class SendOut(OfficePapers papers, LetterLinks links, OfficePosts posts, ICitizens citizens, Seals seals, IMessageGateway gateway, TextCatalogue texts, SiteAddress site) : IFollower
{
    /// <summary>With what the references of messages begin.</summary>
    public const string Dispatch = "dispatch", Receipt = "receipt";

    private const string NoAddress = "no-address", Weeded = "weeded";

    public string Name => "office.send-out";

    public IReadOnlyCollection<string> Kinds => [DraftDispatched.Kind, DraftSentAgain.Kind, ReceiptAcknowledged.Kind];

    public async Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
    {
        var messages = new List<OutgoingMessage>();
        foreach (var entry in entries)
        {
            var message = entry.Kind == ReceiptAcknowledged.Kind ? await Acknowledgement(work, Guid.ParseExact(entry.Subject, "N"), entry.Version) : await Issue(work, entry.Kind == DraftSentAgain.Kind ? entry.As<DraftSentAgain>().Dispatch : entry.As<DraftDispatched>().Dispatch);
            // One with a file by itself: many at once would fill the memory.
            if (message?.File is not null) await gateway.Send(message, work.Cancelled);
            else if (message is not null) messages.Add(message);
        }

        if (messages.Count > 0) await gateway.Send(messages, work.Cancelled);
    }

    private async Task<OutgoingMessage?> Issue(Work work, Guid id)
    {
        var row = await work.One<DispatchRow>($"select {DispatchRow.Columns} from office.dispatch where id = @id and delivery = 'waiting'", new { id });
        if (row is null) return null;
        Task<OutgoingMessage?> Failed(string reason) => Not(work.Execute("update office.dispatch set delivery = 'failed', reason = @reason where id = @id", new { reason, id }));
        var draft = await work.One<(string Kind, string Lang, Guid Paper)>("select kind, lang, paper from office.draft where id = @DraftId", new { row.DraftId });
        var file = await work.One<FileRow>($"select {FileRow.Columns} from office.file where id = @FileId", new { row.FileId });
        if (!(await seals.Keys([row.FileId], work.Cancelled)).TryGetValue(row.FileId, out var key)) return await Failed(Weeded);
        var to = seals.Open<Recipient>(key, row.Recipient!, DispatchRow.RecipientContext(id));
        var mobile = to.Citizen is { } citizen ? await citizens.Mobile(citizen, work.Cancelled) : to.Mobile;
        if (mobile is null && to.Email is null) return await Failed(NoAddress);
        var lang = Lang.Find(draft.Lang) ?? Lang.En;
        var t = texts.In(lang);
        var (number, office) = ($"{file!.Shown} / {row.Number}", posts.OfficeName(row.Office, lang));
        var reference = $"{Dispatch}/{id:N}";
        if (row.Way == "case") return new OutgoingMessage("office-issued-case", draft.Lang, mobile, [row.Number, office], "notice", reference) { Tell = true };
        var (link, until) = (site.Of($"/{draft.Lang}/d/{links.CodeOf(id)}"), t.Date(Ist.DateIn(row.LinkUntil!.Value)));
        if (to.Email is null) return new OutgoingMessage("office-issued", draft.Lang, mobile, [row.Number, office, link, until], "notice", reference) { Tell = true };
        byte[]? content;
        try
        {
            content = await papers.Find(draft.Paper, work.Cancelled) is { } paper ? await papers.Bytes(paper, work.Cancelled) : null;
        }
        catch (CryptographicException)
        {
            content = null;
        }

        if (content is null) return await Failed(Weeded);
        var name = string.Concat($"{t[$"office.form.{draft.Kind}"]} {row.Number}.pdf".Select(c => c is '/' or '\\' ? '-' : c));
        return new OutgoingMessage("office-letter", draft.Lang, null, [number, office, t.Date(Ist.DateIn(row.At)), link, until], "notice", reference) { Email = to.Email, Channels = ["email"], Tell = true, File = new MailFile(name, "application/pdf", content) };
    }

    /// <param name="version">Of the entry: one that failed may be sent again.</param>
    private async Task<OutgoingMessage?> Acknowledgement(Work work, Guid id, long version)
    {
        var row = await work.One<ReceiptRow>($"select {ReceiptRow.Columns} from office.receipt where id = @id and acknowledgement = 'waiting'", new { id });
        if (row is null) return null;
        var details = (await seals.Keys([id], work.Cancelled)).TryGetValue(id, out var key) ? seals.Open<ReceiptDetails>(key, row.Details, ReceiptRow.DetailsContext(id)) : null;
        var mobile = Mobile.Normalise(details?.Mobile);
        if (mobile is null && details?.Email is null) return await Not(work.Execute("update office.receipt set acknowledgement = 'failed', acknowledgement_reason = @NoAddress where id = @id", new { NoAddress, id }));
        var lang = Lang.Find(row.Lang) ?? Lang.En;
        return new OutgoingMessage("office-received", row.Lang, mobile, [row.Number, posts.OfficeName(row.Office, lang)], "notice", $"{Receipt}/{id:N}/{version}") { Email = details?.Email, Channels = details?.Email is null ? null : mobile is null ? ["email"] : ["email", "sms"], Tell = true };
    }

    private static async Task<OutgoingMessage?> Not(Task written)
    {
        await written;
        return null;
    }
}
