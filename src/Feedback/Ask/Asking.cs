using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Messaging;
using Sahulat.Feedback.Questions;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Ask;

/// <summary>Sends what assessments have to send: the request, one reminder by another channel, thanks for an answer by keypad. The gateway knows each by its reference, so what is tried again after a crash goes out once.</summary>
internal sealed class Asking(Database database, Vault vault, Links links, ICitizens citizens, IMessageGateway gateway, QuestionStore questions, SiteAddress site, TextCatalogue texts, IConfiguration configuration, TimeProvider time, ILogger<Asking> log) : BackgroundService
{
    public const short Request = 0, Reminder = 1, Done = 2, Thanks = 3;

    private const int Batch = 100;

    /// <summary>The request goes by SMS, so the reminder tries the others first.</summary>
    private static readonly string[] ReminderChannels = ["whatsapp", "email", "sms"];

    /// <summary>The number that people can reply to; without one, messages name the link alone.</summary>
    private readonly string? replyTo = configuration["Sahulat:Feedback:ReplyTo"] is { Length: > 0 } number ? number : null;

    private sealed record Due(Guid Id, Guid? CaseId, Guid Person, string Reference, string Lang, string State, short Stage, byte[]? Content, string? Score, DateTimeOffset ExpiresAt);

    /// <returns>How many were taken up.</returns>
    public Task<int> Once(CancellationToken ct) => database.Write(async work =>
    {
        var now = time.GetUtcNow();
        var due = await work.Query<Due>("select id, case_id, person, reference, lang, state, stage, content, score, expires_at from feedback.assessment where next_at <= @now order by next_at limit @Batch for update skip locked", new { now, Batch });
        if (due.Count == 0) return 0;
        var mobiles = await citizens.Mobiles([.. due.Select(d => d.Person).Distinct()], ct);
        var keys = await vault.Keys([.. due.Where(d => d.Stage == Reminder).Select(d => d.Person).Distinct()], Seals.Retention, ct);
        var after = TimeSpan.FromHours((await questions.Current(ct)).RemindAfterHours);
        await gateway.Send([.. due.Select(d => mobiles.TryGetValue(d.Person, out var mobile) ? Message(d, mobile, keys.GetValueOrDefault(d.Person), now) : null).OfType<OutgoingMessage>()], ct);
        await work.Execute("""
            update feedback.assessment set asked_at = coalesce(asked_at, case when stage = 0 then @now end), stage = case stage when 0 then 1 else 2 end,
              next_at = case when stage = 0 and state = 'open' and @now + @after < expires_at then @now + @after end
            where id = any(@ids)
            """, new { now, after, ids = due.Select(d => d.Id).ToArray() });
        return due.Count;
    }, ct);

    private OutgoingMessage? Message(Due d, string mobile, SubjectKey? key, DateTimeOffset now)
    {
        var lang = Lang.Find(d.Lang) ?? Lang.En;
        var shown = new Assessment { CaseId = d.CaseId, Reference = d.Reference }.Shown;
        var reference = $"rating/{d.Id:N}";
        if (d.Stage == Thanks) return new("rating-thanks", lang.Code, mobile, [shown, texts.In(lang)[$"feedback.score.{d.Score}"]], "notice", reference + "/thanks");
        if (d.State != "open" || d.ExpiresAt <= now) return null;
        var link = site.Of($"/{lang.Code}/rate/{links.Token(d.Id)}");
        if (d.Stage == Reminder)
        {
            var email = d.Content is not null && key is not null ? System.Text.Json.JsonSerializer.Deserialize<Sealed>(vault.Open(key, d.Content, Seals.Of(d.Id)))?.Email : null;
            return new("rating-reminder", lang.Code, mobile, [shown, link], "notice", reference + "/reminder") { Channels = ReminderChannels, Email = email, Tell = true };
        }

        return replyTo is null
            ? new("rating-request", lang.Code, mobile, [shown, link], "notice", reference) { Tell = true }
            : new("rating-request-keypad", lang.Code, mobile, [shown, link, replyTo], "notice", reference) { Tell = true };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var often = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await often.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Once(stoppingToken) == Batch)
                {
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(fault, "people could not be asked for their rating; they will be");
            }
        }
    }
}
