using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sahulat.Contracts.Access;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel.Calendar;
using Sahulat.Kernel.Csv;
using Sahulat.Kernel.Language;
using Sahulat.Organisation.Directory;

namespace Sahulat.Organisation.Staff;

/// <summary>A post today. <paramref name="Holders"/> is empty while it is vacant.</summary>
internal sealed record StaffRow(Post Post, Office Office, IReadOnlyList<Holding> Holders);

/// <summary>Posts and their holders within a place, and who may change them.</summary>
internal sealed class Staff(OrganisationDirectory directory, TimeProvider time)
{
    public DateOnly Today => Ist.Today(time);

    /// <summary>Every post of a place and of the places in it.</summary>
    public IEnumerable<StaffRow> Within(string place) =>
        directory.Now.Places.Where(p => p.Code == place || directory.Covers(place, p.Code)).SelectMany(p => directory.Now.OfficesAt(p.Code)).SelectMany(Of);

    public IEnumerable<StaffRow> Of(Office office) => directory.PostsOfOffice(office.Code).Select(p => new StaffRow(p, office, directory.Holders(p.Code, Today)));

    /// <summary>Whoever heads an office above the post's, and the administrator of the program.</summary>
    public bool MayChange(Guid official, Post post)
    {
        var held = directory.PostsOf(official, Today);
        if (held.Any(p => directory.Post(p)?.Designation == Designations.Administrator)) return true;
        for (var above = directory.Office(post.Office)?.Parent; above is not null; above = directory.Office(above)?.Parent)
            if (directory.PostsOfOffice(above).Any(p => p.Head && held.Contains(p.Code))) return true;
        return false;
    }
}

/// <summary>The posts of a place with their holders, as a table for a spreadsheet.</summary>
internal static class StaffCsv
{
    public static async Task<IResult> Get(HttpContext http, Staff staff, OrganisationDirectory directory, IOfficials officials, Texts t, string? place, CancellationToken ct)
    {
        var top = place is not null && directory.Place(place) is not null ? place : directory.Now.Roots[0].Code;
        var rows = staff.Within(top).ToArray();
        var names = await officials.Names([.. rows.SelectMany(r => r.Holders).Select(h => h.Official).Distinct()], ct);
        var csv = new StringBuilder("\uFEFF");
        CsvOut.Line(csv, t["organisation.office"], t["organisation.post"], t["organisation.post-code"], t["organisation.place"], t["organisation.holder"], t["organisation.sign-in"], t["organisation.held"], t["organisation.from"], t["organisation.until"]);
        foreach (var row in rows)
        {
            string[] about = [row.Office.Name.In(t.Lang), directory.Designation(row.Post.Designation).In(t.Lang), row.Post.Code, directory.Place(row.Post.Place)?.Name.In(t.Lang) ?? row.Post.Place];
            if (row.Holders.Count == 0) CsvOut.Line(csv, [.. about, t["organisation.vacant"], "", "", "", ""]);
            foreach (var h in row.Holders)
                CsvOut.Line(csv, [.. about, names.GetValueOrDefault(h.Official)?.Name ?? "", names.GetValueOrDefault(h.Official)?.SignIn ?? "", t[$"organisation.held.{h.Kind}"], Day(h.From), h.Until is { } until ? Day(until) : ""]);
        }

        http.Response.Headers.ContentDisposition = $"attachment; filename=\"posts-{top}-{Day(staff.Today)}.csv\"";
        return Results.Text(csv.ToString(), "text/csv", Encoding.UTF8);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
