using Sahulat.Messaging.Deliver;

namespace Sahulat.Tests.Messaging;

public sealed class LineTests
{
    private static Item Of(int lane) => new(Guid.NewGuid(), lane, Guid.Empty, 1, null, false, "", "", null, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, null, 0);

    [Fact]
    public void Bulk_IsNotBegun_WhileUrgentOnesWait()
    {
        var line = new Line("sms", 10) { Hungry = { [0] = true } };
        var (urgent, interactive, bulk) = (Of(0), Of(1), Of(2));
        line.Add(bulk, wasReserved: false);
        Assert.Null(line.Next());
        Assert.Equal(0, line.Free(2));
        line.Add(interactive, wasReserved: false);
        line.Add(urgent, wasReserved: false);
        Assert.Equal((urgent, interactive, null), (line.Next(), line.Next(), line.Next()));
        line.Hungry[0] = false;
        Assert.Equal(bulk, line.Next());
        Assert.Equal(line.Room, line.Free(2));
    }
}
