using System.Globalization;
using System.Text.Json.Nodes;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Ask;

internal sealed record AskedFor(Guid Id, DateTimeOffset ExpiresAt, bool Replayed);

/// <summary>A person of another department's system is asked, once for each Idempotency-Key.</summary>
internal sealed class AskFor(Database database, Assessments assessments, ICitizens citizens, IServiceDirectory services, IOrganisation organisation, Vault vault, Attempts attempts, TimeProvider time)
{
    /// <summary>So many messages about other departments' matters one person gets in a day at most.</summary>
    private const int PersonPerDay = 5;

    /// <summary>A stolen key cannot write to the whole territory.</summary>
    private const int SystemPerHour = 5000;

    private static readonly string[] Fields = ["service", "place", "office", "reference", "endedOn", "lang", "recipient"];

    private sealed record Stored(Guid Id, byte[] IdemDigest, DateTimeOffset ExpiresAt);

    internal sealed record Progress(Guid Id, string State, bool Sent, bool Delivered, string? Failed, DateTimeOffset ExpiresAt);

    public async Task<Result<AskedFor>> Run(SystemCaller system, string key, byte[] digest, JsonObject root, CancellationToken ct)
    {
        if (await Before(system, key, digest, ct) is { } before) return before;
        var read = Read(root);
        if (!read.Ok) return read.Problem;
        var opening = read.Value with { System = system.KeyId, Key = key, Digest = digest };
        var contact = Seals.Contact(vault, opening.Mobile);
        if (await database.One<int>("select count(*)::int from feedback.assessment where contact = @contact and system is not null and opened_at > @since", new { contact, since = time.GetUtcNow().AddDays(-1) }, ct) >= PersonPerDay) return FeedbackProblems.PersonAskedOften;
        if (!await attempts.Allowed("system", system.KeyId, SystemPerHour, ct)) return FeedbackProblems.SystemAskedOften;
        try
        {
            await database.Write(async work =>
            {
                var person = (await citizens.Resolve(work, [opening.Mobile]))[opening.Mobile];
                await assessments.Open(work, [opening with { Person = person }]);
            }, ct);
        }
        catch (SubjectErasedException)
        {
            return FeedbackProblems.PersonErased;
        }

        // Where two calls with one key came at once, both are answered by what is stored.
        var stored = (await Before(system, key, digest, ct))!;
        return stored.Ok && stored.Value.Id == opening.Id ? stored.Value with { Replayed = false } : stored;
    }

    public Task<Progress?> Find(string system, Guid id, CancellationToken ct) =>
        database.One<Progress>("select id, case when state = 'open' and expires_at <= @now then 'expired' when state = 'rated' then 'answered' else state end as state, sent, delivered, failed, expires_at from feedback.assessment where id = @id and system = @system", new { id, system, now = time.GetUtcNow() }, ct);

    private async Task<Result<AskedFor>?> Before(SystemCaller system, string key, byte[] digest, CancellationToken ct)
    {
        if (await database.One<Stored>("select id, idem_digest, expires_at from feedback.assessment where system = @KeyId and idem_key = @key", new { system.KeyId, key }, ct) is not { } stored) return null;
        if (!stored.IdemDigest.AsSpan().SequenceEqual(digest)) return FeedbackProblems.KeyReused;
        return new AskedFor(stored.Id, stored.ExpiresAt, true);
    }

    /// <summary>Every fault at once.</summary>
    private Result<Opening> Read(JsonObject root)
    {
        var (check, today) = (new Check(), Ist.Today(time));
        foreach (var (name, _) in root) check.That(Fields.Contains(name), "/" + name, "unknown-field");
        var service = Text(root, "service", "", 100, check, required: true);
        if (service is not null) check.That(services.Find(service, today) is not null, "/service", "not-a-choice");
        var place = Text(root, "place", "", 100, check, required: true);
        if (place is not null) check.That(organisation.Place(place) is not null, "/place", "not-a-choice");
        var office = Text(root, "office", "", 100, check);
        if (office is not null) check.That(organisation.Office(office) is not null, "/office", "not-a-choice");
        // An operator carries 30 characters of it.
        var reference = Text(root, "reference", "", 30, check, required: true);
        if (reference is not null) check.That(reference.All(c => char.IsLetterOrDigit(c) || c is '-' or '/' or '.' or '_'), "/reference", "bad-format");
        var ended = today;
        if (Text(root, "endedOn", "", 10, check) is { } day && check.That(DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out ended), "/endedOn", "bad-format"))
        {
            check.That(ended <= today, "/endedOn", "date-too-late", today);
            check.That(ended >= today.AddDays(-30), "/endedOn", "date-too-early", today.AddDays(-30));
        }

        var lang = Lang.En;
        if (Text(root, "lang", "", 5, check) is { } code && check.That(Lang.Find(code) is not null, "/lang", "not-a-choice")) lang = Lang.Find(code)!;
        if (!check.That(root["recipient"] is JsonObject, "/recipient", root["recipient"] is null ? "required" : "wrong-type")) return check.ToProblem();
        var to = (JsonObject)root["recipient"]!;
        foreach (var (name, _) in to) check.That(name is "mobile" or "name" or "email", "/recipient/" + name, "unknown-field");
        var mobile = Text(to, "mobile", "/recipient", 40, check, required: true) is { } written ? Mobile.Normalise(written) : null;
        check.That(mobile is not null, "/recipient/mobile", "not-a-mobile");
        var (name_, email) = (Text(to, "name", "/recipient", 200, check), Text(to, "email", "/recipient", 254, check));
        if (email is not null) check.That(email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < email.Length - 3 && !email.Any(char.IsWhiteSpace), "/recipient/email", "not-an-email");
        if (!check.Ok) return check.ToProblem();
        return new Opening(Guid.CreateVersion7(time.GetUtcNow()), null, null, null, null, Guid.Empty, mobile!, reference!, service!, place!, office, ended, lang.Code, name_, email);
    }

    private static string? Text(JsonObject from, string name, string under, int max, Check check, bool required = false)
    {
        var pointer = $"{under}/{name}";
        if (from[name] is not { } node)
        {
            if (required) check.That(false, pointer, "required");
            return null;
        }

        if (!check.That(node is JsonValue value && value.TryGetValue<string>(out _), pointer, "wrong-type")) return null;
        var text = node.GetValue<string>().Trim();
        if (text.Length == 0)
        {
            if (required) check.That(false, pointer, "required");
            return null;
        }

        return check.That(text.Length <= max, pointer, "too-long", max) && check.That(!text.Any(char.IsControl), pointer, "control-characters") ? text : null;
    }
}
