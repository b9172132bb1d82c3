using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;
using Sahulat.Kernel.Vault;

namespace Sahulat.Cases.Open311;

/// <summary>Grievances as everybody may see them. Lists hold those of public subjects, and to a system those that it filed; by its id each is told of, without words and place unless its subject is public.</summary>
internal sealed partial class RequestsShown(Database database, Vault vault, IServiceDirectory services, IOrganisation organisation, TimeProvider time)
{
    private const string Sql = """
        select c.id, c.reference, c.service, c.service_version, c.place, c.applicant, c.filed_at, c.filed_by, c.due_on, c.decided_on, g.lat, g.lon,
          (select e.at from journal.entry e where e.stream = 'case/' || replace(c.id::text, '-', '') order by e.version desc limit 1) as updated_at,
          (select e.body -> 'reasons' ->> 0 from journal.entry e where e.stream = 'case/' || replace(c.id::text, '-', '') and e.kind = 'case.decided' limit 1) as how,
          t.answers
        from cases.grievance g join cases."case" c on c.id = g.case_id left join cases.content t on t.case_id = c.id
        """;

    public async Task<JsonArray> List(RequestsAsked asked, string? jurisdiction, SystemCaller? system, Lang lang, CancellationToken ct)
    {
        var by = system?.Actor.Token;
        if (asked.Given || asked.Ids.Count > 0)
            return await Show(await database.Query<Row>($"{Sql} where c.reference = any(@ids) order by c.filed_at desc, c.id", new { ids = asked.Ids.ToArray() }, ct), by, lang, ct);
        var now = time.GetUtcNow();
        var (start, end) = Window(asked, now);
        var subjects = services.Grievances(Ist.DateIn(now)).Where(s => jurisdiction is null || s.Pack == jurisdiction).ToArray();
        var open = subjects.Where(s => s.Grievance!.Public).Select(s => s.Code).ToArray();
        var rows = await database.Query<Row>($"""
            {Sql} where c.filed_at >= @start and c.filed_at <= @end and g.filed_on between @startOn and @endOn and (c.service = any(@open) or c.filed_by = @by)
              and (@all or c.service = any(@services)) and (@anywhere or c.service = any(@within)) and (@isOpen::boolean is null or @isOpen = (c.decided_on is null))
            order by c.filed_at desc, c.id limit @size offset @skip
            """, new { start, end, startOn = Ist.DateIn(start), endOn = Ist.DateIn(end), open, by, all = asked.Services.Count == 0, services = asked.Services.ToArray(), anywhere = jurisdiction is null, within = subjects.Select(s => s.Code).ToArray(), isOpen = asked.Open, size = asked.PageSize, skip = (asked.Page - 1) * asked.PageSize }, ct);
        return await Show(rows, by, lang, ct);
    }

    public Task<string?> Reference(Guid id, CancellationToken ct) => database.One<string>("""select c.reference from cases.grievance g join cases."case" c on c.id = g.case_id where g.case_id = @id""", new { id }, ct);

    private static (DateTimeOffset, DateTimeOffset) Window(RequestsAsked asked, DateTimeOffset now)
    {
        var span = TimeSpan.FromDays(RequestsAsked.MostDays);
        return (asked.Start, asked.End) switch
        {
            (null, null) => (now - span, now),
            ({ } start, null) => (start, start + span),
            (null, { } end) => (end - span, end),
            var (start, end) => (start.Value, end.Value),
        };
    }

    private async Task<JsonArray> Show(IReadOnlyList<Row> rows, string? by, Lang lang, CancellationToken ct)
    {
        var shown = new JsonArray();
        foreach (var row in rows)
        {
            var subject = services.FindVersion(row.Service, row.ServiceVersion);
            var whole = subject?.Grievance?.Public == true || (by is not null && row.FiledBy == by);
            var answers = whole && row.Answers is not null && await vault.Open(row.Applicant, IntakeBatch.Retention, row.Answers, IntakeBatch.ContentContext(row.Id), ct) is { } plain ? JsonNode.Parse(plain) as JsonObject : null;
            var address = answers is null ? null : Masked((string?)answers["address"]);
            shown.Add(new JsonObject
            {
                ["service_request_id"] = row.Reference,
                ["status"] = row.DecidedOn is null ? "open" : "closed",
                ["status_notes"] = row.How is { } how ? subject?.Grievance?.Dispositions.FirstOrDefault(d => d.Code == how)?.Text.In(lang) ?? "" : "",
                ["service_name"] = subject?.Name.In(lang) ?? row.Service,
                ["service_code"] = row.Service,
                ["description"] = answers is null ? null : Masked((string?)answers["happened"]),
                ["agency_responsible"] = subject is null ? "" : organisation.Department(subject.Department).In(lang),
                ["service_notice"] = "",
                ["requested_datetime"] = Answers.Moment(row.FiledAt),
                ["updated_datetime"] = Answers.Moment(row.UpdatedAt ?? row.FiledAt),
                ["expected_datetime"] = row.DueOn is { } due ? Answers.Moment(Ist.EndOf(due)) : null,
                ["address"] = whole ? string.Join(", ", new[] { address, organisation.Place(row.Place)?.Name.In(lang) }.Where(p => !string.IsNullOrEmpty(p))) : null,
                ["address_id"] = row.Place,
                ["zipcode"] = null,
                ["lat"] = whole ? row.Lat : null,
                ["long"] = whole ? row.Lon : null,
                ["media_url"] = null,
            });
        }

        return shown;
    }

    /// <summary>What people write in spite of the warning: long numbers (telephone, Aadhaar, account) and addresses of e-mail are not shown.</summary>
    internal static string? Masked(string? text) => text is null ? null : Mail().Replace(Digits().Replace(text, "…"), "…");

    [GeneratedRegex(@"\p{Nd}(?:[ \-]?\p{Nd}){5,}")]
    private static partial Regex Digits();

    [GeneratedRegex(@"[^\s@]{1,64}@[^\s@]+")]
    private static partial Regex Mail();

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Reference { get; init; } = "";

        public string Service { get; init; } = "";

        public int ServiceVersion { get; init; }

        public string Place { get; init; } = "";

        public Guid Applicant { get; init; }

        public DateTimeOffset FiledAt { get; init; }

        public string FiledBy { get; init; } = "";

        public DateOnly? DueOn { get; init; }

        public DateOnly? DecidedOn { get; init; }

        public double? Lat { get; init; }

        public double? Lon { get; init; }

        public DateTimeOffset? UpdatedAt { get; init; }

        public string? How { get; init; }

        public byte[]? Answers { get; init; }
    }
}
