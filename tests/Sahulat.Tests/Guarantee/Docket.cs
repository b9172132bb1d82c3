using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Cases;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Guarantee;
using Sahulat.Guarantee.AppealOnLapse;
using Sahulat.Kernel.Journal;
using Sahulat.Organisation.Directory;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Guarantee;

/// <summary>Writes into the journal what the Cases room writes, and reads what the guarantee makes of it.</summary>
internal sealed class Docket(TestSite site)
{
    public const string Tehsil = "tehsil-6805", District = "district-13";

    public Sweep Sweep => site.Services.GetRequiredService<Sweep>();

    public IServiceDirectory Services => site.Services.GetRequiredService<IServiceDirectory>();

    public IStatutoryClock Clock => site.Services.GetRequiredService<IStatutoryClock>();

    /// <summary>A node whose own sweep stands still.</summary>
    public static Task<TestSite> Site(Cluster cluster, DateTimeOffset? now = null, Action<IServiceCollection>? replace = null, string template = Cluster.Loaded) =>
        TestSite.Start(cluster, template, now, settings: new Dictionary<string, string?> { ["Sahulat:Sweep"] = "off" }, replace: replace);

    public async Task Hold(string post)
    {
        await site.Database.Execute("insert into organisation.holding (id, post, official, kind, held_from) values (@id, @post, @id, 'substantive', '2020-01-01'); update organisation.revision set revision = revision + 1", new { post, id = Guid.CreateVersion7() });
        await site.Services.GetRequiredService<OrganisationDirectory>().Load(default);
    }

    public Task<IReadOnlyList<Guid>> File(int count, DateOnly complete, DateOnly due, string? layer = null, Guid? parent = null, string service = "income-certificate", string place = Tehsil, string law = "jk-psga") =>
        site.Database.Write(async work =>
        {
            var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
            await work.Append([.. ids.Select(id => Append.To($"case/{id:N}", 0, new CaseFiled(layer is null ? CaseKind.Application : CaseKind.Appeal, "JK26-" + id.ToString("N")[^8..], service, 1, law, 1, place, Guid.CreateVersion7(), complete, complete, due, "verify", null, parent, layer, null, null), Actor.Sahulat("test"), site.Clock.GetUtcNow()))]);
            return (IReadOnlyList<Guid>)ids;
        });

    public async Task<Guid> File(DateOnly complete, DateOnly due, string? layer = null) => (await File(1, complete, due, layer))[0];

    public Task Decide(Guid id, string outcome, DateOnly on) => Say(id, new CaseDecided(outcome, null, on, [], null));

    public Task Say<T>(Guid id, T body) where T : class, IJournalBody =>
        site.Database.Write(work => work.Append($"case/{id:N}", null, body, Actor.Sahulat("test"), site.Clock.GetUtcNow()));

    public async Task<IReadOnlyList<AppealDue>> Appeals() =>
        [.. (await site.Database.Query<string>("select body::text from journal.entry where kind = 'guarantee.appeal-due' order by position")).Select(b => System.Text.Json.JsonSerializer.Deserialize<AppealDue>(b, JournalJson.Options)!)];

    public async Task<AppealDue?> AppealOf(Guid id) => (await Appeals()).SingleOrDefault(a => a.Case == id);

    public Task<string?> State(Guid id) => site.Database.One<string>("select state from guarantee.clock where case_id = @id", new { id });
}
