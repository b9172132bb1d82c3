using Microsoft.AspNetCore.Authorization;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Mail;

/// <summary>Mails to the official's posts that were not taken in, and why.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class RefusedMailModel(Database database, OfficePosts posts) : SahulatPage
{
    private const int Most = 200;

    public IReadOnlyList<(string Post, string Refused, string Name, DateTimeOffset At)> Rows { get; private set; } = [];

    public OfficePosts Posts => posts;

    public string Why(string code) => T.Fault(new Fault("", code, code == "mail-too-large" ? MailReader.MostMegabytes : MailReader.MostParts));

    public async Task OnGet(CancellationToken ct) =>
        Rows = await database.Query<(string, string, string, DateTimeOffset)>("select post, refused, name, at from office.mail where post = any(@Own) and refused is not null order by at desc limit @Most", new { posts.Of((OfficialCaller)HttpContext.Caller()).Own, Most }, ct);
}
