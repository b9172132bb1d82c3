using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Sahulat.Kernel.Pages;

/// <summary>Base of every page of a room.</summary>
public abstract class SahulatPage : PageModel;
