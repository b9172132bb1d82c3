using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Kernel;

public sealed class DatabaseTests(Cluster cluster)
{
    [Fact]
    public async Task Afterwards_Committed_IsTold()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var told = new List<bool>();
        await database.Write(work =>
        {
            work.Unhurried.Afterwards(told.Add);
            Assert.Empty(told);
            return Task.CompletedTask;
        });
        Assert.Equal([true], told);
    }

    [Fact]
    public async Task Afterwards_RefusedOrFailed_IsToldThatNothingStays()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var told = new List<bool>();
        await database.Write(work =>
        {
            work.Afterwards(told.Add);
            return Task.FromResult<Result<Done>>(Problem.NotFound);
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Write(work =>
        {
            work.Afterwards(told.Add);
            throw new InvalidOperationException();
        }));
        Assert.Equal([false, false], told);
    }
}
