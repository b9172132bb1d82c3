using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Feedback.Publish;
using Sahulat.Feedback.Questions;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Pages;
using Sahulat.Kernel.Vault;

namespace Sahulat.Feedback.Read;

/// <param name="Comment">Null where none was written, or the person was erased.</param>
internal sealed record Said(DateOnly On, string Service, string Score, IReadOnlyList<string> No, string? Comment);

/// <summary>What people say of an office, for the office: the figures for everybody in it, words only for its head and for administrators. Neither name nor reference is told: nobody is to pay for an answer.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class CommentsModel(Database database, Scores scores, QuestionStore questions, IServiceDirectory services, IOrganisation organisation, Vault vault, TimeProvider time) : SahulatPage
{
    private const int Size = 25;

    public IReadOnlyList<Office> Offices { get; private set; } = [];

    public Office? Office { get; private set; }

    public Score? Score { get; private set; }

    public IReadOnlyList<QuestionScore> Questions { get; private set; } = [];

    /// <summary>Null for those who may not read them.</summary>
    public IReadOnlyList<Said>? Comments { get; private set; }

    public int Number { get; private set; } = 1;

    public int Pages { get; private set; }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public Guid Person { get; init; }
        public string Service { get; init; } = "";
        public string Score { get; init; } = "";
        public string[] No { get; init; } = [];
        public byte[]? Comment { get; init; }
        public DateTimeOffset RatedAt { get; init; }
    }

    public async Task<IActionResult> OnGet(string? office, CancellationToken ct)
    {
        var who = (OfficialCaller)HttpContext.Caller();
        var posts = organisation.PostsOf(who.Id, Ist.Today(time)).Select(organisation.Post).OfType<Post>().ToArray();
        var admin = posts.Any(p => p.Designation == Designations.Administrator);
        Offices = [.. posts.Select(p => p.Office).Distinct().Select(organisation.Office).OfType<Office>()];
        if (office is not null && (admin || Offices.Any(o => o.Code == office))) Office = organisation.Office(office);
        if (office is not null && Office is null) return Refuse(admin ? Problem.NotFound : Problem.Forbidden);
        Office ??= Offices.Count > 0 ? Offices[0] : null;
        if (Office is null) return Page();
        Score = await scores.One("office", Office.Code, ct) ?? new Score { Dimension = "office", Code = Office.Code };
        Questions = await scores.Questions("office", Office.Code, ct);
        if (admin || posts.Any(p => p.Head && p.Office == Office.Code)) await Read(Office.Code, ct);
        return Page();
    }

    private async Task Read(string office, CancellationToken ct)
    {
        var count = await database.One<int>("select count(*)::int from feedback.assessment where office = @office and state = 'rated'", new { office }, ct);
        Pages = (count + Size - 1) / Size;
        Number = Math.Clamp(int.TryParse(Request.Query["page"], out var n) ? n : 1, 1, Math.Max(1, Pages));
        var rows = await database.Query<Row>("select id, person, service, score, no, comment, rated_at from feedback.assessment where office = @office and state = 'rated' order by rated_at desc, id desc limit @Size offset @skip", new { office, Size, skip = (Number - 1) * Size }, ct);
        var keys = await vault.Keys([.. rows.Where(r => r.Comment is not null).Select(r => r.Person).Distinct()], Seals.Retention, ct);
        var texts = (await questions.Current(ct)).Questions.ToDictionary(q => q.Code, q => q.Text.In(Lang));
        Comments = [.. rows.Select(r => new Said(Ist.DateIn(r.RatedAt), services.Find(r.Service, Ist.Today(time))?.Name.In(Lang) ?? r.Service, r.Score, [.. r.No.Select(c => texts.GetValueOrDefault(c, c))],
            r.Comment is not null && keys.TryGetValue(r.Person, out var key) ? Encoding.UTF8.GetString(vault.Open(key, r.Comment, Seals.Comment(r.Id))) : null))];
    }
}
