using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Sahulat.Kernel;

/// <summary>What a room shows to the host: what it registers and what it serves. Migrations and texts are found in its assembly.</summary>
public interface IModule
{
    /// <summary>Lower case; also the database schema and the prefix of text keys.</summary>
    string Name { get; }

    void Register(IServiceCollection services, IConfiguration configuration);

    void Map(IEndpointRouteBuilder app);
}

/// <summary>A room that takes part in <c>load &lt;folder&gt;</c>: reads its share of a data pack. Called in the order of the modules.</summary>
public interface IPackLoader
{
    /// <summary>Validates the whole of its part; then, only if no pack part had a fault, <see cref="Store"/> is called inside one transaction.</summary>
    Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct);

    /// <summary>Idempotent: the same folder twice changes nothing. Returns one line to print.</summary>
    Task<string> Store(Data.Work work, CancellationToken ct);

    /// <summary>Called after the commit, to refresh what is held in memory.</summary>
    Task Refresh(CancellationToken ct);
}

/// <summary>A fault in a pack file. Line and column start at 1.</summary>
public sealed record PackFault(string File, int Line, int Column, string Text)
{
    /// <summary>The text with {0} where it names a value of the file, so that a page can say it in the reader's language; null where nothing is known but the text.</summary>
    public string? Format { get; init; }

    public IReadOnlyList<string> Args { get; init; } = [];

    public override string ToString() => $"{File}:{Line}:{Column}: {Text}";
}

/// <summary>A room that adds to the synthetic past of <c>demo</c>. Called in the order of the modules.</summary>
public interface IDemo
{
    Task<IReadOnlyList<string>> Fill(DemoPlan plan, IProgress<double> progress, CancellationToken ct);
}

/// <summary>How much synthetic past to write. <paramref name="Seed"/> makes it repeatable.</summary>
public sealed record DemoPlan(int Cases, int Days, int Seed);
