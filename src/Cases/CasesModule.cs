using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Cases.Submit;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Cases;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Cases;

public sealed class CasesModule : IModule
{
    public string Name => "cases";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<CaseIntake>();
        services.AddSingleton<Steps>();
        services.AddSingleton<Ledgers>();
        services.AddSingleton<Contracts.Cases.IGrievances, Complain.Grievances>();
        services.AddSingleton<Alike.Likenesses>();
        services.AddSingleton<Anonymous.AnonymousIntake>();
        services.AddSingleton<Pendency.Pending>();
        services.AddSingleton<Open311.RequestsShown>();
        services.AddSingleton<Open311.RequestPost>();
        services.AddSingleton<Draft.Drafts>();
        services.AddSingleton<Papers.PaperStore>();
        services.AddSingleton<Requests.CaseView>();
        services.AddSingleton<Requests.ApplicantActs>();
        services.AddSingleton<PauseEnds>();
        services.AddSingleton<NoteDigest>();
        services.AddSingleton<AppealByHand.AppealRights>();
        services.AddSingleton<Hear.Superiors>();
        services.AddSingleton<Hear.Bench>();
        services.AddSingleton<Hear.HearAct>();
        services.AddSingleton<Hear.ProceedingsOf>();
        services.AddSingleton<Stay.StayAct>();
        services.AddSingleton<Penalise.LateDays>();
        services.AddSingleton<Penalise.PenaltyAct>();
        services.AddSingleton<Recover.Claims>();
        services.AddSingleton<Recover.LedgerAct>();
        services.AddSingleton<ShowCause.ShowCauseAct>();
        services.AddSingleton<Comply.ComplyAct>();
        services.AddSingleton<OrderAppeal.AppealOrders>();
        services.AddSingleton<IFollower, Follow.TellParties>();
        services.AddSingleton<AppealByHand.FileAppeal>();
        services.AddSingleton<IDemo, Demo.DemoCases>();
        services.AddSingleton<Demo.DemoAuthority>();
        services.AddSingleton<Requests.FiledAt>();
        services.AddSingleton<IFollower, Follow.FileAppeals>();
        services.AddSingleton<IFollower, Follow.TellApplicant>();
        services.AddSingleton<IFollower, Follow.MoveDates>();
        services.AddSingleton<ICaseApplicants, Follow.CaseApplicants>();
        services.AddSingleton<IPeopleOfPlaces, Follow.PeopleOfPlaces>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<Verify.Certificates>();
        services.AddSingleton<Certify.SigningKeys>();
        services.AddSingleton<Certify.CertificateSheet>();
        services.AddSingleton<Certify.SheetPrinter>();
        services.AddSingleton<IFollower, Certify.IssueCertificates>();
        services.AddHostedService<Certify.Press>();
        services.AddSingleton<Revoke.RevokeRight>();
        services.AddSingleton<Revoke.RevokeAct>();
        services.AddSingleton<Decide.DeskPosts>();
        services.AddSingleton<Decide.DeskAct>();
        services.AddSingleton<Redress.TransferTargets>();
        services.AddSingleton<Redress.RedressAct>();
        services.AddSingleton<Redress.RedressDesk>();
        services.AddSingleton<Desk.Worklist>();
        services.AddSingleton<Desk.WorkNames>();
        services.AddSingleton<SaveView.SavedViews>();
        services.AddSingleton<Examine.CaseActs>();
        services.AddSingleton<Examine.CaseFiles>();
        services.AddSingleton<IDeskCases, Examine.DeskCases>();
        services.AddSingleton<IWaitingCases, Await.WaitingCases>();
        services.AddSingleton<Consent.Consents>();
        services.AddSingleton<Consent.Filers>();
        services.AddSingleton<ByTalk.PaperLinks>();
        services.AddSingleton<ByTalk.Filings>();
        services.AddSingleton<Contracts.Cases.IFilings>(s => s.GetRequiredService<ByTalk.Filings>());
        services.AddSingleton<Contracts.Cases.ITracking, ByTalk.Tracking>();
        // An operator fills in the same pages, at the desk.
        services.PostConfigure<RazorPagesOptions>(o =>
        {
            foreach (var (page, path) in new[] { ("Start", "start"), ("Question", "{step}"), ("CheckAnswers", "check") }) o.Conventions.AddPageRoute($"/Cases/Draft/{page}", $"/{{lang}}/desk/counter/{{draft:guid}}/{path}");
        });
    }

    public void Map(IEndpointRouteBuilder app)
    {
        SubmitEndpoint.Map(app);
        AppealByHand.AppealEndpoint.Map(app);
        Papers.PaperEndpoint.Map(app);
        app.MapGet("/{lang}/desk/ledger.csv", Recover.LedgerCsv.Get).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/list.csv", Desk.WorkCsv.Get).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/cases/{reference}/papers/{paper:guid}/content", ReadPaper.PaperContent.Get).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/grievances.csv", Pendency.Pending.Csv).RequireAuthorization(Policies.Official);
        Open311.Endpoints.Map(app);
        Requests.ProofDownload.Map(app);
        Requests.OrderDownload.Map(app);
        Certify.Download.Map(app);
        Verify.VerifyEndpoint.Map(app);
        app.MapGet("/{lang}/track/{reference}/qr.png", (HttpContext http, string lang, string reference) =>
            Reference.Parse(reference, out _) is { } parsed ? Results.Bytes(Track.TrackModel.Qr($"{http.Request.Scheme}://{http.Request.Host}/{lang}/track/{parsed}"), "image/png") : Results.NotFound());
    }
}
