using Sahulat.Kernel.Pages;

namespace Sahulat.Host.Pages;

internal sealed class SiteMapModel : SahulatPage;
