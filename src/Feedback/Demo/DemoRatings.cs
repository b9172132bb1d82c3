using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Feedback.Ask;
using Sahulat.Feedback.Count;
using Sahulat.Feedback.Questions;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Demo;

/// <summary>Ratings of the synthetic past, written straight into rows and counters: nobody is asked, and no entry says that anybody answered.</summary>
internal sealed class DemoRatings(Database database, ICaseApplicants applicants, IOrganisation organisation, IServiceDirectory services, QuestionStore questions, Dimensions dimensions, Links links, Vault vault, TimeProvider time) : IDemo
{
    private const int Batch = 500;

    private static readonly (string Lang, string Score, string Text)[] Words =
    [
        ("en", "good", "It came before the date. I did not have to go there. (demo)"), ("ur", "good", "وقت سے پہلے سند مل گئی، شکریہ۔ (demo)"), ("hi", "good", "बिना दफ़्तर गए काम हो गया। (demo)"),
        ("ks", "average", "کٲم گٔیہِ مگر چیر لوگ۔ (demo)"), ("doi", "average", "कम्म होई गेआ पर देर लग्गी। (demo)"), ("hi", "average", "काम हुआ, पर दो बार बुलाया। (demo)"),
        ("en", "bad", "Called three times for the same paper. (demo)"), ("ur", "bad", "ایک ہی کاغذ کے لیے تین بار بلایا۔ (demo)"),
    ];

    public async Task<IReadOnlyList<string>> Fill(DemoPlan plan, IProgress<double> progress, CancellationToken ct)
    {
        var (after, counted) = (0L, 0);
        while (true)
        {
            var entries = await database.Query<JournalEntry>("select position, stream, version, kind, at, actor, body::text as body, digest from journal.entry where kind = @kind and position > @after order by position limit @Batch", new { kind = CaseDecided.Kind, after, Batch }, ct);
            if (entries.Count == 0) break;
            after = entries[^1].Position;
            counted += await database.Write(work => Write(work, plan, entries), ct);
            progress.Report(0.5);
        }

        progress.Report(1);
        return counted == 0 ? [] : [$"{counted} of the synthetic requests are rated: /en/ratings."];
    }

    private async Task<int> Write(Work work, DemoPlan plan, IReadOnlyList<JournalEntry> entries)
    {
        var ended = entries.Select(e => (Entry: e, Body: e.As<CaseDecided>(), Id: Guid.ParseExact(e.Subject, "N"))).Where(d => d.Body.Outcome != "withdrawn").ToArray();
        var who = await applicants.Of([.. ended.Select(d => d.Id)], work.Cancelled);
        var filed = await Disposals.Filed(work, [.. ended.Select(d => d.Entry.Stream)]);
        var file = await questions.Current(work.Cancelled);
        var (counts, rated) = (new Counts(), 0);
        foreach (var (entry, body, id) in ended)
        {
            if (!who.TryGetValue(id, out var person) || !person.Synthetic || !filed.TryGetValue(entry.Stream, out var request)) continue;
            var chance = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Seed}/{id}"))));
            var office = body.Post is { } post ? organisation.Post(post)?.Office : null;
            var late = request.DueOn is { } due && body.On > due;
            var (sent, delivered) = (true, chance.Next(100) < 93);
            string? score = delivered && chance.Next(100) < 41 ? Score(chance, body.Outcome, late) : null;
            var asked = file.For(request.Service, services.Find(request.Service, body.On)?.Category);
            var answers = score is null ? [] : asked.Where(_ => chance.Next(100) < 88).Select(q => (q.Code, Yes: chance.Next(100) < (score == "good" ? 95 : score == "average" ? 70 : 35))).ToArray();
            var (yes, no) = (answers.Where(a => a.Yes).Select(a => a.Code).ToArray(), answers.Where(a => !a.Yes).Select(a => a.Code).ToArray());
            var at = entry.At.AddMinutes(20 + chance.Next(40 * 60));
            if (at > time.GetUtcNow()) at = entry.At;
            var said = score is not null && chance.Next(100) < 25 && Words.Where(w => w.Score == score).ToArray() is { Length: > 0 } fitting ? fitting[chance.Next(fitting.Length)].Text : null;
            var comment = said is null ? null : vault.Seal(await vault.Key(work, person.Applicant, Seals.Retention), Encoding.UTF8.GetBytes(said), Seals.Comment(id));
            var written = await work.Execute("""
                insert into feedback.assessment (id, case_id, person, contact, reference, service, place, office, ended_on, lang, token, state, opened_at, expires_at, asked_at, stage, sent, delivered, rated_at, way, score, yes, no, comment)
                values (@id, @id, @Applicant, @contact, @Reference, @Service, @Place, @office, @On, @Lang, @token, @state, @At, @expires, @At, 2, @sent, @delivered, @rated, @way, @score, @yes, @no, @comment) on conflict do nothing
                """, new
            {
                id, person.Applicant, contact = Seals.Contact(vault, $"demo/{person.Applicant:N}"), request.Reference, request.Service, request.Place, office, body.On, person.Lang, token = links.Hash(id), state = score is null ? "open" : "rated",
                entry.At, expires = entry.At.AddDays(file.ExpiresDays), sent, delivered, rated = score is null ? (DateTimeOffset?)null : at, way = score is null ? null : "link", score, yes, no, comment,
            });
            if (written == 0) continue;
            if (score is not null) rated++;
            counts.Add(dimensions.Of(request.Service, request.Place, office, body.On), Disposals.Month(body.On), sent, delivered, score, yes, no);
        }

        await counts.Write(work);
        return rated;
    }

    /// <summary>Who was refused, or waited beyond the date, is seldom content.</summary>
    private static string Score(Random chance, string outcome, bool late)
    {
        var (good, average) = outcome is "rejected" or "dismissed" ? (22, 34) : late ? (35, 35) : (72, 19);
        var n = chance.Next(100);
        return n < good ? "good" : n < good + average ? "average" : "bad";
    }
}
