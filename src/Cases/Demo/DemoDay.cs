using System.Text;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Decide;
using Sahulat.Cases.Papers;
using Sahulat.Cases.Requests;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;

namespace Sahulat.Cases.Demo;

/// <summary>A case whose turn it may be: one row for each step that is open; an appeal has none.</summary>
internal sealed class Waiting
{
    public Guid Id { get; init; }

    public string Reference { get; init; } = "";

    public string Type { get; init; } = "";

    public string State { get; init; } = "";

    public long Version { get; init; }

    public string Service { get; init; } = "";

    public int ServiceVersion { get; init; }

    public string Place { get; init; } = "";

    public Guid Applicant { get; init; }

    public string? Post { get; init; }

    public DateOnly FiledOn { get; init; }

    public string[] Missing { get; init; } = [];

    public string? Step { get; init; }

    public int? Seq { get; init; }

    public string? StepPost { get; init; }

    public DateOnly? OpenedOn { get; init; }

    public string? Number { get; init; }

    public DateOnly? AskedOn { get; init; }

    public bool Forwarded { get; init; }

    public int Transfers { get; init; }

    public bool Promised { get; init; }
}

/// <summary>One day of the synthetic past: officials and applicants do what their stories say, by the same acts as in the pages.</summary>
internal sealed class DemoDay(Database database, DeskAct desk, DeskPosts posts, ApplicantActs applicant, DemoAuthority authority, PaperStore papers, IServiceDirectory services, IForms forms, IOrganisation organisation, Calendars calendars)
{
    public static readonly byte[] Paper = Pdf();

    private const string List = """
        select c.id, c.reference, c.type, c.state, c.version, c.service, c.service_version, c.place, c.applicant, c.post, (c.filed_at at time zone 'Asia/Kolkata')::date as filed_on, c.missing, c.transfers, c.promised_on is not null as promised,
          s.code as step, s.seq, s.post as step_post, s.opened_on, i.key as number,
          (select max((n.at at time zone 'Asia/Kolkata')::date) from cases.note n where n.case_id = c.id and n.kind = 'query') as asked_on,
          exists (select from cases.note n where n.case_id = c.id and n.kind = 'forward') as forwarded
        from cases."case" c left join cases.step s on s.case_id = c.id and s.state = 'open' left join cases.idempotency i on i.case_id = c.id and i.caller = @caller
        where c.applicant = any(@people) and c.state in ('open', 'query', 'incomplete') order by c.id, s.seq
        """;

    public async Task Run(DemoPlan plan, DateOnly day, Guid[] people, Func<int, Story> story, CancellationToken ct)
    {
        var waiting = await database.Query<Waiting>(List, new { caller = DemoCases.Caller, people }, ct);
        await Parallel.ForEachAsync(waiting.GroupBy(w => w.Id), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (rows, stop) =>
        {
            foreach (var w in rows)
                if (await One(plan, day, w, w.Number is null ? null : story(int.Parse(w.Number, System.Globalization.CultureInfo.InvariantCulture)), stop)) break;
        });
        await authority.Penalise(day, people, ct);
    }

    /// <returns>Whether something was done; then the other steps of the case wait for the next day.</returns>
    private async Task<bool> One(DemoPlan plan, DateOnly day, Waiting w, Story? story, CancellationToken ct)
    {
        if (w.Type == "appeal") return await Order(plan, day, w, ct);
        if (story is null) return false;
        if (story.WithdrawAfter is { } left && day >= w.FiledOn.AddDays(left)) return Done(await applicant.Withdraw(w.Id, ct), w);
        if (w.State == CaseState.Incomplete) return story.PapersAfter is { } later && day >= w.FiledOn.AddDays(later) && await Supply(w, ct);
        if (w.State == CaseState.Query) return story.AnswerAfter is { } answer && w.AskedOn is { } asked && day >= asked.AddDays(answer) && Done(await applicant.Answer(w.Id, $"I have attached what was asked for. {SyntheticPeople.Mark}", ct), w);
        return w is { Step: not null, StepPost: { } post, OpenedOn: { } opened } && story.StuckAt != w.Seq && Open(day, w.Place) && day >= opened.AddDays(story.Pace) && await Act(plan, day, w, story, post, ct);
    }

    private bool Open(DateOnly day, string place) => calendars.Current.IsOpen(day, organisation.PlaceAndAncestors(place));

    private async Task<bool> Act(DemoPlan plan, DateOnly day, Waiting w, Story story, string post, CancellationToken ct)
    {
        var step = services.FindVersion(w.Service, w.ServiceVersion)!.Steps.First(s => s.Code == w.Step);
        if (Holder(post, day) is not { } who) return false;
        var action = new DeskAction(w.Reference, w.Version, w.Step, "", null, [], null);
        if (w.Type == "grievance") return Done(await desk.Run(who, Redressed(plan, day, w, story, action), ct), w);
        if (story.Query && w.AskedOn is null && step.Actions.Contains("query")) action = action with { Action = "query", Text = $"Please send a clearer copy of the paper. {SyntheticPeople.Mark}" };
        else if (story.Forward && !w.Forwarded && step.Actions.Contains("forward") && posts.Colleagues(post).FirstOrDefault() is { } to) action = action with { Action = "forward", To = to.Code, Text = $"For enquiry. {SyntheticPeople.Mark}" };
        else if (!step.Actions.Contains("approve")) action = action with { Action = step.Actions.First(a => a is not ("query" or "forward" or "reject")), Text = $"Enquired and found in order. {SyntheticPeople.Mark}" };
        else if (story.Rejected) action = action with { Action = "reject", Reasons = Reasons(plan, w, story), Text = $"The papers do not prove what is claimed. {SyntheticPeople.Mark}" };
        else action = action with { Action = "approve" };
        return Done(await desk.Run(who, action, ct), w);
    }

    /// <summary>One in eight is another office's, one in seven gets an interim reply first, the others are answered.</summary>
    private DeskAction Redressed(DemoPlan plan, DateOnly day, Waiting w, Story story, DeskAction action)
    {
        var chance = Story.Chance(plan, story.Number + (3 * plan.Cases));
        var (transfer, interim) = (chance.Next(8) == 0, chance.Next(7) == 0);
        if (transfer && w.Transfers == 0 && w.Service != "other") return action with { Action = "transfer", Subject = "other", Text = $"Another office is competent. {SyntheticPeople.Mark}" };
        var limit = w.FiledOn.AddDays(29);
        if (interim && !w.Promised && day < limit.AddDays(-2) && day > w.FiledOn.AddDays(10)) return action with { Action = "interim", Until = limit.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Text = $"The material is ordered. {SyntheticPeople.Mark}" };
        var how = chance.Next(10) switch { < 6 => "done", < 8 => "partly", < 9 => "explained", _ => "unfounded" };
        return action with { Action = "dispose", Reasons = [how], Text = $"{(how is "done" or "partly" ? "Repaired by our men." : "Inquired into at the place.")} {SyntheticPeople.Mark}" };
    }

    private string[] Reasons(DemoPlan plan, Waiting w, Story story)
    {
        var codes = services.FindVersion(w.Service, w.ServiceVersion)!.RejectReasons;
        return [codes[Story.Chance(plan, story.Number).Next(codes.Count)].Code];
    }

    /// <summary>Two of three appeals are decided within six weeks; the others lapse to the next layer.</summary>
    private async Task<bool> Order(DemoPlan plan, DateOnly day, Waiting w, CancellationToken ct)
    {
        var chance = new Random(unchecked(plan.Seed + w.Reference.Aggregate(17, (h, c) => (h * 31) + c)));
        if (chance.Next(100) >= 66 || day < w.FiledOn.AddDays(4 + chance.Next(38)) || !Open(day, w.Place) || w.Post is null || Holder(w.Post, day) is not { } who) return false;
        var allowed = chance.Next(100) < 55;
        if (await authority.Hear(day, w, who, chance.Next(100), ct)) return true;
        return Done(await desk.Run(who, new DeskAction(w.Reference, w.Version, null, allowed ? "allowed" : "dismissed", $"{(allowed ? "The request is to be decided within seven days." : "The order stands.")} {SyntheticPeople.Mark}", [], null), ct), w);
    }

    private OfficialCaller? Holder(string post, DateOnly day) => organisation.Holders(post, day) is [var first, ..] ? new OfficialCaller(first.Official, "") : null;

    private async Task<bool> Supply(Waiting w, CancellationToken ct)
    {
        var fields = forms.For(services.FindVersion(w.Service, w.ServiceVersion)!).Pages.SelectMany(p => p.Fields);
        foreach (var field in fields.Where(f => w.Missing.Contains(f.Name))) await Store(w.Applicant, new PaperFor(Case: w.Id), field, ct);
        return Done(await applicant.Complete(w.Id, ct), w);
    }

    public async Task<System.Text.Json.Nodes.JsonObject> Store(Guid owner, PaperFor of, FormField field, CancellationToken ct)
    {
        using var content = new MemoryStream(Paper);
        var stored = await papers.Add(owner, of, field.Name, field.MaxMegabytes, new FormFile(content, 0, Paper.Length, field.Name, $"{field.Name} demo.pdf"), ct);
        return stored.Value;
    }

    private static bool Done(Result<Done> result, Waiting w) => result.Ok || result.Problem == Problem.Conflict ? true : throw new InvalidOperationException($"a synthetic act on {w.Reference} ({w.State}, {w.Step}) was refused: {result.Problem.Code} {string.Join(", ", result.Problem.Faults.Select(f => $"{f.Pointer} {f.Code}"))}");

    private static byte[] Pdf()
    {
        const string drawn = "BT /F1 24 Tf 72 700 Td (Synthetic paper of the demo) Tj ET";
        string[] objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", $"<< /Length {drawn.Length} >>\nstream\n{drawn}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
        var pdf = new StringBuilder("%PDF-1.4\n");
        var table = new StringBuilder($"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        for (var i = 0; i < objects.Length; i++)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"{pdf.Length:D10} 00000 n \n");
            pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var at = pdf.Length;
        pdf.Append(table).Append(System.Globalization.CultureInfo.InvariantCulture, $"trailer << /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }
}
