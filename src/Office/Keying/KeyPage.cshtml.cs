using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Sahulat.Contracts.Access;
using Sahulat.Kernel;
using Sahulat.Kernel.Pages;

namespace Sahulat.Office.Keying;

/// <summary>The picture on one side, the fields on the other.</summary>
[Authorize(Policy = Policies.Official)]
internal sealed class KeyPageModel(Keyings keyings, Entries entries, OfficePosts posts) : SahulatPage
{
    public ItemView View { get; private set; } = null!;

    /// <summary>Which picture is shown, from 1.</summary>
    public int At { get; private set; } = 1;

    /// <summary>Of a register: what is keyed of the page shown, line by line.</summary>
    public IReadOnlyList<EntryView> Entries { get; private set; } = [];

    /// <summary>Of a register: the line that is keyed.</summary>
    public EntryView? Entry { get; private set; }

    public bool Keyed { get; private set; }

    public async Task<IActionResult> OnGet(Guid item, int? at, int? line, string? did, CancellationToken ct)
    {
        Keyed = did == "keyed";
        return await Load(item, at, line, ct) ? Page() : Refuse(Problem.NotFound);
    }

    public async Task<IActionResult> OnPost(Guid item, int? at, [FromQuery] int? line, [FromForm] int? hand, [FromForm] string? reason, CancellationToken ct)
    {
        if (!await Load(item, at, line, ct)) return Refuse(Problem.NotFound);
        var reach = posts.Of((OfficialCaller)HttpContext.Caller());
        var fields = KeyedFields.Of(name => Request.Form[name].ToString().Normalize().Trim());
        if (Entry is { } entry)
        {
            var kept = await entries.Save(reach, View, At, line ?? entry.Line, hand ?? entry.Hands + 1, fields, reason, ct);
            return kept.Ok ? Go($"/desk/office/scanning/items/{item:N}?at={At}&line={Math.Min(entry.Line + 1, Keying.Entries.MostLines)}&did=keyed") : Refuse(kept.Problem);
        }

        var done = await keyings.Save(reach, View, fields, ct);
        return done.Ok ? Go($"/desk/office/scanning/{View.Plan.Id:N}?did=keyed") : Refuse(done.Problem);
    }

    public string Value(string field) => Request.HasFormContentType ? Request.Form[field].ToString() : Entry is { } e ? e.Open == 0 ? e.Shown![field] : e.Open == 3 && !e.Differ.Contains(field) ? e.First![field] : "" : View.Open == 3 && !View.Differ.Contains(field) ? View.First![field] : "";

    public IReadOnlyList<string> Suggested(string field) => field switch
    {
        "number" => View.Suggested.Numbers,
        "dated" => View.Suggested.Dates,
        "names" => View.Suggested.Names,
        "village" => View.Suggested.Villages,
        "khasra" => View.Suggested.Khasras,
        _ => [],
    };

    private async Task<bool> Load(Guid item, int? at, int? line, CancellationToken ct)
    {
        if (await keyings.View(posts.Of((OfficialCaller)HttpContext.Caller()), item, at ?? 1, ct) is not { } view) return false;
        (View, At) = (view, Math.Clamp(at ?? 1, 1, Math.Max(1, view.Papers.Count)));
        if (view.Item.Kind != "register" || view.Papers.Count == 0) return true;
        Entries = await entries.Of(view, view.Papers[At - 1].Paper, ct);
        var wanted = Math.Clamp(line ?? Entries.FirstOrDefault(e => e.Open != 0)?.Line ?? (Entries.Count == 0 ? 1 : Entries[^1].Line + 1), 1, Keying.Entries.MostLines);
        Entry = Entries.FirstOrDefault(e => e.Line == wanted) ?? new EntryView(wanted, 0, 1, [], null, null, null, null);
        return true;
    }
}
