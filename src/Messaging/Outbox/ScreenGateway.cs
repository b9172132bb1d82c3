using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Messaging.Outbox;

/// <summary>The gateway of development: messages are kept, sealed, and shown on a screen instead of being sent.</summary>
internal sealed class ScreenGateway(Database database, IDataProtectionProvider protection, TextCatalogue texts, TimeProvider time) : IMessageGateway
{
    private readonly IDataProtector protector = protection.CreateProtector("messaging.outbox");

    public async Task Send(IReadOnlyList<OutgoingMessage> messages, CancellationToken ct)
    {
        if (messages.Count == 0) return;
        await database.Execute("""
            insert into messaging.outbox (id, reference, template, class, lang, content, at)
            select i, r, t, c, l, b, @now from unnest(@ids, @references, @templates, @classes, @langs, @contents) as m(i, r, t, c, l, b) on conflict do nothing
            """, new
        {
            ids = messages.Select(_ => Guid.CreateVersion7()).ToArray(),
            references = messages.Select(m => m.Reference).ToArray(),
            templates = messages.Select(m => m.Template).ToArray(),
            classes = messages.Select(m => m.Class).ToArray(),
            langs = messages.Select(m => m.Lang).ToArray(),
            contents = messages.Select(Content).ToArray(),
            now = time.GetUtcNow(),
        }, ct);
    }

    private byte[] Content(OutgoingMessage message)
    {
        var text = texts.In(Lang.Find(message.Lang) ?? Lang.En)["message." + message.Template, [.. message.Values]];
        return protector.Protect(JsonSerializer.SerializeToUtf8Bytes(new Shown(message.Mobile, text)));
    }

    public async Task<IReadOnlyList<(DateTimeOffset At, string Lang, Shown Message)>> Latest(string? mobile, CancellationToken ct)
    {
        var rows = await database.Query<(DateTimeOffset At, string Lang, byte[] Content)>("select at, lang, content from messaging.outbox order by at desc, id desc limit 300", ct: ct);
        return [.. rows.Select(r => (r.At, r.Lang, Open(r.Content))).Where(r => r.Item3 is not null && (mobile is null || r.Item3.Mobile == mobile)).Select(r => (r.At, r.Lang, r.Item3!)).Take(50)];
    }

    internal sealed record Shown(string Mobile, string Text);

    private Shown? Open(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<Shown>(protector.Unprotect(content));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
