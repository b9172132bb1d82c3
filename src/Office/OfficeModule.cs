using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Office;
using Sahulat.Kernel;
using Sahulat.Kernel.Journal;

namespace Sahulat.Office;

public sealed class OfficeModule : IModule
{
    public string Name => "office";

    public void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OfficePosts>();
        services.AddSingleton<Seals>();
        services.AddSingleton<Papers.OfficePapers>();
        services.AddSingleton<Papers.PapersIn>();
        services.AddSingleton<KeepFile.Files>();
        services.AddSingleton<KeepFile.OpenFiles>();
        services.AddSingleton<KeepFile.Correspondence>();
        services.AddSingleton<Link.Links>();
        services.AddSingleton<Link.Flags>();
        services.AddSingleton<Receive.ReceiptStore>();
        services.AddSingleton<Receive.Receipts>();
        services.AddSingleton<Note.Notings>();
        services.AddSingleton<Move.Movement>();
        services.AddSingleton<Handing.HandingOver>();
        services.AddSingleton<Inform.Informing>();
        services.AddSingleton<Classify.Classifying>();
        services.AddSingleton<Inbox.Lists>();
        services.AddSingleton<Await.Waiting>();
        services.AddSingleton<Follow.Marks>();
        services.AddSingleton<Pendency.Pending>();
        services.AddSingleton<SaveView.SavedViews>();
        services.AddSingleton<Draft.Drafts>();
        services.AddSingleton<Draft.LetterPrinter>();
        services.AddSingleton<Dispatch.Dispatches>();
        services.AddSingleton<Dispatch.Deliveries>();
        services.AddSingleton<IFollower, Dispatch.SendOut>();
        services.AddSingleton<IFollower, Dispatch.HearOutcome>();
        services.AddSingleton<Fetch.LetterLinks>();
        services.AddSingleton<Register.Registers>();
        services.AddSingleton<Mail.MailIntake>();
        services.AddHostedService<Mail.MailWork>();
        services.AddSingleton<Dispatch.CasePapers>();
        services.AddSingleton<ICasePapers>(s => s.GetRequiredService<Dispatch.CasePapers>());
        services.AddSingleton<Sign.Signers>();
        services.AddSingleton<Sign.Token>();
        services.AddSingleton<Sign.ESign>();
        services.AddSingleton<Draft.ESigning>();
        services.AddSingleton<Scan.PagesWaiting>();
        services.AddSingleton<Scan.ReadLimit>();
        services.AddSingleton<Scan.PageReader>();
        services.AddHostedService<Scan.PageReading>();
        services.AddSingleton<Find.PageTexts>();
        services.AddSingleton<Plan.ScanPlans>();
        services.AddSingleton<PlaceByHand.Placing>();
        services.AddSingleton<PlaceByHand.Alike>();
        services.AddSingleton<Intake.Intakes>();
        services.AddSingleton<Intake.IntakeReader>();
        services.AddHostedService<Intake.IntakeWork>();
        services.AddSingleton<IScanning, Plan.ScanningDoor>();
        services.AddSingleton<Quality.Sampling>();
        services.AddSingleton<Keying.Keyings>();
        services.AddSingleton<Keying.Entries>();
        services.AddSingleton<Find.Search>();
        services.AddSingleton<IFileTransfer, Transfer.TransferFiles>();
        services.AddSingleton<Record.Closing>();
        services.AddSingleton<Record.RawScans>();
        services.AddSingleton<Order.RecordOrders>();
        services.AddSingleton<Order.Destroying>();
        services.AddSingleton<Review.Reviewing>();
        services.AddSingleton<Archive.Archives>();
        services.AddSingleton<Archive.ArchiveMaker>();
        services.AddHostedService<Archive.ArchiveWork>();
    }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/{lang}/desk/office/papers/{paper:guid}/content", Papers.PaperContent.Get).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/office/papers/{paper:guid}/pages/{page:int}", Papers.PaperContent.GetPage).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/office/archives/{archive:guid}/content", Archive.Archives.Get).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/office/pendency.csv", Pendency.Pending.Csv).RequireAuthorization(Policies.Official);
        app.MapGet("/{lang}/desk/office/scanning/{plan:guid}/pages/{scan:guid}/{page:int}", PlaceByHand.PagePicture.Get).RequireAuthorization(Policies.Official);
        Draft.ESigning.Map(app);
        Fetch.LetterFile.Map(app);
    }
}
