using Sahulat.Contracts.Access;
using Sahulat.Contracts.Messaging;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;
using Sahulat.Messaging.Clients;
using Sahulat.Messaging.Templates;
using Sahulat.Messaging.Wording;

namespace Sahulat.Messaging.Accept;

/// <summary>Where a person may be reached. <see cref="Citizen"/> stands for the number that Sahulat knows.</summary>
internal sealed record Recipient(string? Mobile = null, string? Email = null, Guid? Citizen = null, string? Telegram = null, string? Push = null);

/// <summary>A message as asked for. Pointers in faults are those of the API.</summary>
internal sealed record MessageRequest(string Template, int? Version, Recipient To, Lang Lang, IReadOnlyDictionary<string, string> Values, string? Reference = null, IReadOnlyList<string>? Channels = null, string? Class = null, DateTimeOffset? SendAfter = null, DateTimeOffset? ExpiresAt = null, MailFile? File = null);

/// <summary>Checks a request and fills its template. All faults at once.</summary>
internal sealed class Preparation(TemplateStore templates, ICitizens citizens, Database database, Vault vault, Microsoft.Extensions.Configuration.IConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(30);

    private readonly bool dltRequired = Wording.Dlt.Required(configuration);

    public async ValueTask<Result<NewMessage>> Prepare(Client client, MessageRequest request, Guid? batch, string? idemKey, byte[]? digest, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (await templates.Find(request.Template, request.Version, ct) is not { } template) return MessageProblems.NoTemplate with { Faults = [new Fault("/template", "not-a-choice")] };
        var check = new Check();
        Rendering.Check(template, request.Values, "/personalisation", check);
        var cls = request.Class ?? template.Class;
        check.That(Templates.Template.Classes.Contains(cls) && (cls == template.Class || cls == "bulk"), "/class", "not-a-choice");
        check.That(request.Reference is null or { Length: <= 1000 }, "/reference", "too-long", 1000);
        check.That(request.SendAfter is null || request.SendAfter <= now + Furthest, "/sendAfter", "date-too-late", now + Furthest);
        var expires = request.ExpiresAt ?? (request.SendAfter > now ? request.SendAfter.Value : now) + Lanes.Life(cls);
        check.That(expires > now && expires > (request.SendAfter ?? now), "/expiresAt", "date-too-early", request.SendAfter ?? now);
        var to = request.To;
        if (to.Citizen is { } citizen) to = to with { Mobile = await citizens.Mobile(citizen, ct) };
        var mobile = Phone.Normalise(to.Mobile);
        if (to.Mobile is not null || to.Citizen is not null) check.That(mobile is not null, to.Citizen is null ? "/recipient/mobile" : "/recipient/citizen", "not-a-phone");
        if (to.Email is not null) check.That(MailAddress.IsOne(to.Email), "/recipient/email", "not-an-email");
        check.That(to != new Recipient(), "/recipient", "required");
        check.That(request.File is null || MailFile.Fits(request.File.Content.Length), "/file", "file-too-large", MailFile.MostMegabytes);
        foreach (var unknown in (request.Channels ?? []).Where(c => !Channel.All.Contains(c))) check.That(false, "/channels", "not-a-choice");
        if (!check.Ok) return check.ToProblem();
        if (cls == "emergency" && !client.MayWarn && client.KeyKind != "test") return MessageProblems.MayNotWarn;

        var steps = Steps(template, request, to, mobile);
        if (steps.Count == 0) return MessageProblems.NoRoute;
        if (dltRequired && Dlt(template, steps) is { } refused) return refused;
        var contact = vault.BlindIndex("messaging.contact", steps[0].To);
        var isFixed = steps.All(s => Phone.Fixed.ContainsKey(s.To) || Email.Fixed(s.To) is not null);
        var simulated = client.KeyKind == "test" || isFixed;
        if (!isFixed && (client.KeyKind == "team" || (client.Trial && client.KeyKind == "live")) && !await IsGuest(client, contact, ct)) return MessageProblems.GuestsOnly;
        var after = request.SendAfter > now ? request.SendAfter : null;
        if (template.Dlt is { } dlt && Wording.Dlt.Allowed(dlt.Category, after ?? now) is var allowed && allowed > (after ?? now)) after = allowed;
        return new NewMessage(Guid.CreateVersion7(now), client.Service, client.KeyKind, cls, template.Key, template.Version, steps, contact, simulated, request.Reference, batch, idemKey, digest, now, after, expires);
    }

    private static List<Step> Steps(Template template, MessageRequest request, Recipient to, string? mobile)
    {
        var steps = new List<Step>();
        foreach (var channel in request.Channels ?? Default(to, mobile))
        {
            var address = channel switch { "email" => to.Email, "telegram" => to.Telegram, "push" => to.Push, _ => mobile };
            if (address is null || template.Words(channel) is not { } words) continue;
            var r = Rendering.Render(template, channel, request.Lang, request.Values);
            steps.Add(new(channel, address, r.Lang, r.Subject, r.Text, r.Encoding, r.Segments, r.Values, words.Approved, template.Dlt?.Entity, template.Dlt?.Header, template.Dlt?.Templates.GetValueOrDefault(r.Lang)) { File = channel == "email" ? request.File : null });
        }

        return steps;
    }

    private static string[] Default(Recipient to, string? mobile) => mobile is not null ? ["sms"] : to.Email is not null ? ["email"] : to.Telegram is not null ? ["telegram"] : ["push"];

    /// <summary>A text that is not as registered, or has no registration, is not sent: every operator would refuse it.</summary>
    private static Problem? Dlt(Template template, List<Step> steps)
    {
        foreach (var step in steps.Where(s => s.Channel == "sms" && s.To.StartsWith("+91", StringComparison.Ordinal)))
        {
            if (step.DltEntity is null || step.DltHeader is null || step.DltTemplate is null) return Problem.Invalid([new Fault("/template", "dlt-not-registered", step.Lang)]);
            if (Wording.Dlt.Compare(template.Registered(step.Lang), step.Text) is { } m) return Problem.Invalid([new Fault("/personalisation", "dlt-mismatch", m.Position + 1, m.Expected)]);
        }

        return null;
    }

    private async ValueTask<bool> IsGuest(Client client, byte[] contact, CancellationToken ct) =>
        await database.One<bool>("select exists (select from messaging.guest where service = @Service and contact = @contact)", new { client.Service, contact }, ct);
}

internal static class Email
{
    /// <summary>Notify's addresses with a fixed outcome.</summary>
    public static string? Fixed(string address) => address switch
    {
        "delivered@simulator.notify" => "delivered",
        "perm-fail@simulator.notify" => "permanent-failure",
        "temp-fail@simulator.notify" => "temporary-failure",
        _ => null,
    };
}
