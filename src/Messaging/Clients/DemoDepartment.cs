using Sahulat.Kernel;

namespace Sahulat.Messaging.Clients;

/// <summary>A department's system with a test key, to send a first message with.</summary>
internal sealed class DemoDepartment(ServiceKeys keys) : IDemo
{
    public async Task<IReadOnlyList<string>> Fill(DemoPlan plan, IProgress<double> progress, CancellationToken ct)
    {
        var key = await keys.Create("demo-department", "Demo department", "test", trial: true, ct);
        return key.Ok ? [$"Departments' systems send messages with the test key {key.Value} (docs/messaging.md)."] : [];
    }
}
