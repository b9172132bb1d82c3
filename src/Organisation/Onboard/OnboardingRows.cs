using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Csv;
using Sahulat.Organisation.Directory;
using Sahulat.Organisation.Load;

namespace Sahulat.Organisation.Onboard;

/// <summary>A fault or a notice at a cell; the text is <c>organisation.onboard.says.{Code}</c>. One that the table's form gives has its text already.</summary>
internal sealed record Said(int Line, int Column, string Code, params object?[] Args);

/// <summary>One row of a list. What does not belong to its kind is null.</summary>
internal sealed record OnboardingRow(string Key, int Phase, string Place, string? Office, string? Post, string? Employee, string? Name, string? SignIn, string? Mail, string Training, DateOnly? TrainedOn, DateOnly? From, string? Designation, string? Department, string? Parent, string? OfficeName, byte[] Digest, CsvRow Source);

/// <summary>Reads the five kinds of list. Every fault is told at once, with line and column; rows with faults are among those returned, for faults that only show beside other rows.</summary>
internal sealed class OnboardingRows(string kind, OrganisationDirectory directory, IReadOnlyDictionary<string, string> placesOfEmployees, ICollection<Said> faults)
{
    public const int MostPhases = 9, MostRows = 60_000;

    public static readonly IReadOnlyList<string> Kinds = ["office", "post", "user", "mail", "vpn"];

    public static readonly IReadOnlyDictionary<string, string[]> Columns = new Dictionary<string, string[]>
    {
        ["office"] = ["code", "name_en", "department", "place", "phase"],
        ["post"] = ["code", "office", "designation", "phase"],
        ["user"] = ["employee", "name", "sign_in", "office", "phase"],
        ["mail"] = ["address", "employee", "phase"],
        ["vpn"] = ["account", "employee", "phase"],
    };

    /// <summary>May be there.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Further = new Dictionary<string, string[]>
    {
        ["office"] = ["kind", "parent", "name_hi", "name_ur", "name_ks", "name_doi"], ["post"] = [], ["user"] = ["post", "from", "mail", "training", "trained_on"], ["mail"] = ["post"], ["vpn"] = [],
    };

    public static string KeyColumn(string kind) => Columns[kind][0];

    public List<OnboardingRow> Read(string text)
    {
        var form = new List<PackFault>();
        var table = CsvFile.Parse(kind + ".csv", text, Columns[kind], form);
        foreach (var fault in form) faults.Add(new Said(fault.Line, fault.Column, "form", fault.Text));
        if (table.Count > MostRows) faults.Add(new Said(table[MostRows].Line, 1, "too-many", MostRows));
        var rows = new List<OnboardingRow>();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in table.Take(MostRows))
        {
            foreach (var column in Columns[kind].Where(c => !row.Has(c) && !(kind == "mail" && c == "employee"))) Fault(row, column, "required");
            if (row.Has(KeyColumn(kind)) && !seen.TryAdd(row[KeyColumn(kind)], row.Line)) Fault(row, KeyColumn(kind), "twice", seen[row[KeyColumn(kind)]]);
            var phase = int.TryParse(row["phase"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostPhases ? number : 0;
            if (phase == 0 && row.Has("phase")) Fault(row, "phase", "phase", MostPhases);
            var read = kind switch { "office" => Office(row), "post" => Post(row), "user" => User(row), _ => Account(row) };
            rows.Add(read with { Phase = phase });
        }

        if (kind == "user") SignInsAreOwn(rows);
        return rows;
    }

    private OnboardingRow Office(CsvRow row)
    {
        if (row.Has("code") && !IsCode(row["code"])) Fault(row, "code", "code");
        if (row.Has("place") && directory.Place(row["place"]) is null) Fault(row, "place", "place", row["place"]);
        if (row.Has("department") && directory.Department(row["department"]).In(Kernel.Language.Lang.En) == row["department"]) Fault(row, "department", "department", row["department"]);
        if (row.Has("parent") && directory.Office(row["parent"]) is null) Fault(row, "parent", "office", row["parent"]);
        if (row["parent"] == row["code"] && row.Has("parent")) Fault(row, "parent", "own-parent");
        if (row["name_en"].Length > 200) Fault(row, "name_en", "too-long", 200);
        return Row(row) with { Place = row["place"], Office = row["code"], Department = row["department"], Parent = row.Has("parent") ? row["parent"] : null, Designation = row.Has("kind") ? row["kind"] : "office", OfficeName = PackTables.Json(row.Local("name")) };
    }

    private OnboardingRow Post(CsvRow row)
    {
        var office = OfficeOf(row);
        if (row.Has("code") && !IsCode(row["code"])) Fault(row, "code", "code");
        if (row.Has("designation") && directory.Designation(row["designation"]).In(Kernel.Language.Lang.En) == row["designation"]) Fault(row, "designation", "designation", row["designation"]);
        if (directory.Post(row["code"]) is { } known && office is not null && known.Office != office.Code) Fault(row, "code", "post-elsewhere", known.Office);
        return Row(row) with { Place = office?.Place ?? "", Office = office?.Code, Post = row["code"], Designation = row["designation"] };
    }

    private OnboardingRow User(CsvRow row)
    {
        var office = OfficeOf(row);
        if (row.Has("employee") && !IsCode(row["employee"])) Fault(row, "employee", "code");
        if (row.Has("sign_in") && (row["sign_in"].Length > 100 || !row["sign_in"].All(c => char.IsAsciiLetterOrDigit(c) || "-._@+".Contains(c)))) Fault(row, "sign_in", "sign-in");
        if (row["name"].Length > 100 || row["name"].Any(char.IsControl)) Fault(row, "name", "too-long", 100);
        if (row.Has("post") && directory.Post(row["post"]) is null) Fault(row, "post", "post", row["post"]);
        if (row.Has("mail") && !IsMail(row["mail"])) Fault(row, "mail", "mail");
        var training = row.Has("training") ? row["training"] : "none";
        if (training is not ("none" or "planned" or "done")) Fault(row, "training", "training");
        return Row(row) with
        {
            Place = office?.Place ?? "", Office = office?.Code, Post = row.Has("post") ? row["post"] : null, Employee = row["employee"], Name = row["name"].Normalize(), SignIn = row["sign_in"], Mail = row.Has("mail") ? row["mail"] : null,
            Training = training, TrainedOn = Date(row, "trained_on"), From = Date(row, "from"),
        };
    }

    /// <summary>A mail id or a VPN account: of an employee who is here already, or, for a mail id, of a post.</summary>
    private OnboardingRow Account(CsvRow row)
    {
        string? place = null;
        if (kind == "mail" && row.Has("address") && !IsMail(row["address"])) Fault(row, "address", "mail");
        if (kind == "vpn" && row.Has("account") && (row["account"].Length > 100 || row["account"].Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))) Fault(row, "account", "code");
        if (row.Has("employee") && !placesOfEmployees.TryGetValue(row["employee"], out place)) Fault(row, "employee", "employee", row["employee"]);
        if (row.Has("post") && directory.Post(row["post"]) is null) Fault(row, "post", "post", row["post"]);
        if (kind == "mail" && !row.Has("employee") && !row.Has("post")) Fault(row, "employee", "owner");
        return Row(row) with { Key = row[KeyColumn(kind)].ToLowerInvariant(), Place = place ?? (row.Has("post") ? directory.Post(row["post"])?.Place : null) ?? "", Post = row.Has("post") ? row["post"] : null, Employee = row.Has("employee") ? row["employee"] : null };
    }

    private void SignInsAreOwn(List<OnboardingRow> rows)
    {
        foreach (var twice in rows.GroupBy(r => r.SignIn!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            foreach (var row in twice.Skip(1)) Fault(row.Source, "sign_in", "twice", twice.First().Source.Line);
        foreach (var twice in rows.Where(r => r.Post is not null).GroupBy(r => r.Post!, StringComparer.Ordinal).Where(g => g.Count() > 1))
            foreach (var row in twice.Skip(1)) Fault(row.Source, "post", "twice", twice.First().Source.Line);
    }

    private Office? OfficeOf(CsvRow row)
    {
        var office = row.Has("office") ? directory.Office(row["office"]) : null;
        if (row.Has("office") && office is null) Fault(row, "office", "office", row["office"]);
        return office;
    }

    private DateOnly? Date(CsvRow row, string column)
    {
        if (!row.Has(column)) return null;
        if (DateOnly.TryParseExact(row[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        Fault(row, column, "date");
        return null;
    }

    private OnboardingRow Row(CsvRow row) => new(row[KeyColumn(kind)], 0, "", null, null, null, null, null, null, "none", null, null, null, null, null, null,
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', Columns[kind].Concat(Further[kind]).Select(c => row[c])))), row);

    private void Fault(CsvRow row, string column, string code, params object?[] args)
    {
        var at = row.Fault(column, "");
        faults.Add(new Said(at.Line, at.Column, code, args));
    }

    private static bool IsCode(string text) => text.Length <= 80 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-._@/".Contains(c));

    private static bool IsMail(string text) => text.Length <= 254 && text.IndexOf('@') is > 0 and var at && at == text.LastIndexOf('@') && text[(at + 1)..].Contains('.') && text.All(c => c is > ' ' and < '\u007f' and not ('"' or '<' or '>' or ','));
}
