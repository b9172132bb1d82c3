using Sahulat.Kernel.Pages;

namespace Sahulat.Host.Pages;

internal sealed class HomeModel : SahulatPage
{
    /// <summary>The subjects of services (<c>category</c> in a service file) with the line drawing of each.</summary>
    public static readonly IReadOnlyList<(string Code, string Icon)> Categories =
    [
        ("certificates", "M6 3h9l4 4v14H6zM14 3v5h5M9 13h6M9 17h4"),
        ("social", "M12 20s-7-4.4-7-9.5A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7 2.5c0 5.1-7 9.5-7 9.5z"),
        ("utilities", "M12 3s6 6.6 6 11a6 6 0 0 1-12 0c0-4.400 6-11 6-11zM9.500 15a2.500 2.500 0 0 0 2.500 2.500"),
        ("land", "M3 19l6-11 4 6 2-3 6 8zM3 22h18"),
        ("transport", "M4 16v-5l2-5h12l2 5v5zM4 11h16M7 16v3M17 16v3"),
        ("health", "M12 6v12M6 12h12M4 4h16v16H4z"),
        ("business", "M4 8h16v12H4zM9 8V4h6v4M4 13h16"),
        ("education", "M2 9l10-5 10 5-10 5zM6 11.500V17c3 2.500 9 2.500 12 0v-5.500"),
        ("employment", "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-4 4-6 8-6s8 2 8 6"),
        ("permissions", "M4 6h16v12H4zM8 12l3 3 5-6"),
    ];
}
