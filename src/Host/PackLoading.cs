using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Host;

/// <summary>Loads a data pack: every room reads its part, all faults are told at once, and only a pack without fault is stored, whole, in one transaction.</summary>
internal static class PackLoading
{
    public static async Task<IReadOnlyList<PackFault>> Check(IServiceProvider services, string folder, CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(folder, "pack.yaml"))) return [new PackFault(Path.Combine(folder, "pack.yaml"), 1, 1, "not found; a data pack has a pack.yaml at its top")];
        var faults = new List<PackFault>();
        foreach (var loader in services.GetServices<IPackLoader>()) faults.AddRange(await loader.Read(folder, ct));
        return faults;
    }

    public static async Task<IReadOnlyList<PackFault>> Load(IServiceProvider services, string folder, Action<string> tell, CancellationToken ct)
    {
        if (await Check(services, folder, ct) is { Count: > 0 } faults) return faults;
        var loaders = services.GetServices<IPackLoader>().ToArray();
        await services.GetRequiredService<Database>().Write(async work =>
        {
            foreach (var loader in loaders) tell(await loader.Store(work, ct));
        }, ct);
        foreach (var loader in loaders) await loader.Refresh(ct);
        return [];
    }
}
