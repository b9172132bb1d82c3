using System.Reflection;
using Sahulat.Kernel;

namespace Sahulat.Host;

/// <summary>The rooms of the house, in the order in which they migrate, load and start.</summary>
internal static class Rooms
{
    public static readonly IReadOnlyList<IModule> All =
    [
        new KernelModule(),
        new Messaging.MessagingModule(),
        new Organisation.OrganisationModule(),
        new Access.AccessModule(),
        new Catalogue.CatalogueModule(),
        new Guarantee.GuaranteeModule(),
        new Transparency.TransparencyModule(),
        new Cases.CasesModule(),
        new Office.OfficeModule(),
        new Feedback.FeedbackModule(),
        new Insight.InsightModule(),
    ];

    public static IEnumerable<Assembly> Assemblies => All.Select(m => m.GetType().Assembly);

    public static IEnumerable<(string Room, Assembly Assembly)> Migrations => All.Select(m => (m.Name, m.GetType().Assembly));
}
