using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Consent;

/// <summary>One consent: asked for when <see cref="Citizen"/> is null, given otherwise.</summary>
internal sealed class ConsentRow
{
    public Guid Id { get; init; }

    public Guid Official { get; init; }

    public string Post { get; init; } = "";

    public string Service { get; init; } = "";

    public string Lang { get; init; } = "";

    public Guid? Citizen { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public Lang Language => Kernel.Language.Lang.Find(Lang) ?? Kernel.Language.Lang.En;
}

/// <summary>A citizen lets an operator file one request of one service, by a code sent to his own number. The code is used once, the consent for one request, and only by the official who asked for it.</summary>
internal sealed class Consents(Database database, IOneTimeCodes codes, ICitizens citizens, TimeProvider time)
{
    private const string Purpose = "consent";
    private const string Columns = "id, official, post, service, lang, citizen, expires_at";

    /// <summary>Long enough to fill in a form and to fetch a paper from home, not for another day.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(6);

    /// <returns>The consent that waits for its code.</returns>
    public async Task<Result<Guid>> Ask(OfficialCaller who, string post, ServiceVersion service, string mobile, Lang lang, string address, CancellationToken ct)
    {
        var sent = await codes.Send(mobile, Purpose, lang.Code, address, ct, service.Name.In(lang));
        if (!sent.Ok) return sent;
        await database.Execute("insert into cases.consent (id, official, post, service, lang, sent_at) values (@id, @official, @post, @Code, @lang, @now)",
            new { id = sent.Value, official = who.Id, post, service.Code, lang = lang.Code, now = time.GetUtcNow() }, ct);
        return sent;
    }

    /// <summary>This official's consent, asked for or given.</summary>
    public Task<ConsentRow?> Find(Guid id, Guid official, CancellationToken ct) =>
        database.One<ConsentRow>($"select {Columns} from cases.consent where id = @id and official = @official", new { id, official }, ct);

    /// <summary>The same, only while it has been given and holds.</summary>
    public Task<ConsentRow?> Open(Guid id, Guid official, CancellationToken ct) =>
        database.One<ConsentRow>($"select {Columns} from cases.consent where id = @id and official = @official and citizen is not null and expires_at > @now", new { id, official, now = time.GetUtcNow() }, ct);

    public async Task<Result<Done>> Give(ConsentRow consent, OfficialCaller who, string? code, CancellationToken ct)
    {
        var mobile = await codes.Verify(consent.Id, Purpose, code ?? "", ct);
        if (!mobile.Ok) return mobile.Problem;
        var now = time.GetUtcNow();
        return await database.Write<Result<Done>>(async work =>
        {
            var citizen = (await citizens.Resolve(work, [mobile.Value]))[mobile.Value];
            if (await work.Execute("update cases.consent set citizen = @citizen, given_at = @now, expires_at = @until where id = @Id and citizen is null", new { citizen, now, until = now + Life, consent.Id }) == 0) return Problem.Conflict;
            await work.Append([Append.To($"consent/{consent.Id:N}", 0, new ConsentGiven(citizen, consent.Service, consent.Post, now + Life), who.As(consent.Post), now)]);
            return Done.It;
        }, ct);
    }
}
