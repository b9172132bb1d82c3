namespace Sahulat.Cases.Demo;

/// <summary>People who do not exist. Each name says so.</summary>
internal static class SyntheticPeople
{
    public const string Mark = "(demo)";

    private static readonly string[] Women = ["Aasiya", "Anjali", "Bilquis", "Chandni", "Dilshada", "Fatima", "Geeta", "Haleema", "Insha", "Jyoti", "Kavita", "Mehbooba", "Neelofar", "Parveena", "Reeta", "Saima", "Shaista", "Sunita", "Tabassum", "Zoona"];
    private static readonly string[] Men = ["Abdul", "Ajay", "Bashir", "Chaman", "Danish", "Farooq", "Ghulam", "Hilal", "Irfan", "Jagdish", "Kuldeep", "Manzoor", "Nisar", "Om", "Pawan", "Rakesh", "Riyaz", "Sanjay", "Tariq", "Yash"];
    private static readonly string[] Families = ["Ahangar", "Baba", "Bhat", "Charak", "Dar", "Ganai", "Gupta", "Jamwal", "Khajuria", "Khan", "Kotwal", "Lone", "Magray", "Manhas", "Mir", "Pandita", "Parray", "Raina", "Rather", "Sharma", "Sheikh", "Singh", "Sofi", "Wani"];

    /// <summary>Ten digits in the form of a mobile number. India sets none aside for fiction, so nothing is ever sent to one.</summary>
    public static string Mobile(int person) => $"60000{person % 100_000:D5}";

    public static string Name(Random chance, string? gender = null) =>
        $"{(gender ?? (chance.Next(2) == 0 ? "female" : "male")) switch { "male" => Men[chance.Next(Men.Length)], _ => Women[chance.Next(Women.Length)] }} {Families[chance.Next(Families.Length)]} {Mark}";
}
