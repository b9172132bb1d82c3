using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sahulat.Cases.Decide;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Language;

namespace Sahulat.Cases.Recover;

/// <summary><c>/{lang}/desk/ledger.csv</c>: every line of the penalties and compensations that an official's posts ordered; with <c>?case=</c> those of one request. No names: the post stands for the person.</summary>
internal static class LedgerCsv
{
    private const int Most = 50_000;

    private const string Sql = """
        select f.reference as request, a.reference as appeal, l.kind, l.rule, l.section, coalesce(l.post, '') as post, l.ordered_on, m.line, m.what, m.amount, m.voucher, m.on_date, m.counters,
          sum(m.amount) over (partition by m.claim order by m.line) as balance
        from cases.money m join cases.claim l on l.id = m.claim join cases."case" f on f.id = l.request join cases."case" a on a.id = l.case_id
        where l.ordered_by = any(@posts) and (@request::text is null or f.reference = @request) order by l.ordered_on, m.claim, m.line limit @Most
        """;

    public static async Task<IResult> Get(HttpContext http, Database database, DeskPosts posts, IOrganisation organisation, Texts texts, TimeProvider time, string? @case, CancellationToken ct)
    {
        var who = (OfficialCaller)http.Caller();
        var request = @case is null ? null : Reference.Parse(@case, out _);
        if (@case is not null && request is null) return Results.NotFound();
        var csv = new StringBuilder("\uFEFF");
        CsvOut.Line(csv, texts["cases.ledger.csv.request"], texts["cases.appeal.layer"], texts["cases.claim.kind"], texts["cases.claim.rule"], texts["cases.claim.section"], texts["cases.claim.post"], texts["cases.claim.ordered-on"], texts["cases.money.line"], texts["cases.money.what"], texts["cases.money.amount"], texts["cases.money.voucher"], texts["cases.money.on"], texts["cases.money.counters"], texts["cases.money.balance"]);
        foreach (var r in await database.Query<Row>(Sql, new { posts = posts.Seen(who.Id), request, Most }, ct))
            CsvOut.Line(csv, Reference.Show(r.Request), Reference.Show(r.Appeal), texts["cases.claim.kind." + r.Kind], RuleName(texts, r.Rule), r.Section ?? "", r.Post.Length == 0 ? "" : organisation.Post(r.Post)?.Name.In(texts.Lang) ?? r.Post,
                Iso(r.OrderedOn), Plain(r.Line), texts["cases.money." + r.What], Money(r.Amount), r.Voucher ?? "", Iso(r.OnDate), r.Counters is { } c ? Plain(c) : "", Money(r.Balance));
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"ledger-{Ist.Today(time):yyyy-MM-dd}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    public static string RuleName(Texts texts, string rule) => texts.Has("cases.rule." + rule) ? texts["cases.rule." + rule] : rule;

    private static string Iso(DateOnly? on) => on?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed record Row
    {
        public string Request { get; init; } = "";

        public string Appeal { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Rule { get; init; } = "";

        public string? Section { get; init; }

        public string Post { get; init; } = "";

        public DateOnly? OrderedOn { get; init; }

        public int Line { get; init; }

        public string What { get; init; } = "";

        public decimal Amount { get; init; }

        public string? Voucher { get; init; }

        public DateOnly OnDate { get; init; }

        public int? Counters { get; init; }

        public decimal Balance { get; init; }
    }
}
