namespace Sahulat.Insight;

/// <summary>What has a page, in the words of its address.</summary>
internal static class Kinds
{
    public const string All = "all", Service = "services", Office = "offices", District = "districts", Department = "departments";

    public static readonly IReadOnlyList<string> Public = [Service, Office, District, Department];
}
