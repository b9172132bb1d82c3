using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;
using Sahulat.Kernel.Journal;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Kernel;

public sealed class JournalTests(Cluster cluster)
{
    private static readonly DateTimeOffset At = new(2026, 11, 2, 4, 30, 0, 123, 456, TimeSpan.Zero);

    private sealed record Elsewhere(int Number) : IJournalBody
    {
        public static string Kind => "test.elsewhere";
    }

    internal sealed record Noted(string What, int Number) : IJournalBody
    {
        public static string Kind => "test.noted";
    }

    private static Append Note(string stream, long? expected, string what, int number = 1) => Append.To(stream, expected, new Noted(what, number), Actor.Sahulat("test"), At);

    [Fact]
    public async Task Append_ManyStreams_ChainsEach()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        await database.Write(work => work.Append([Note("a/1", 0, "one \"é\" اردو"), Note("b/1", 0, "x"), Note("a/1", 1, "two")]));
        var versions = await database.Write(work => work.Append([Note("a/1", 2, "three"), Note("b/1", null, "y")]));
        Assert.Equal([3, 2], versions);
        Assert.Null(await database.FirstBroken("a/1"));
        Assert.Null(await database.FirstBroken("b/1"));
        Assert.Equal(["one \"é\" اردو", "two", "three"], (await database.Stream("a/1")).Select(e => e.As<Noted>().What));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(2L)]
    public async Task Append_WrongVersion_Conflicts(long expected)
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        await database.Write(work => work.Append([Note("a/1", 0, "one")]));
        await Assert.ThrowsAsync<JournalConflictException>(() => database.Write(work => work.Append([Note("a/1", expected, "again")])));
        Assert.Single(await database.Stream("a/1"));
    }

    [Theory]
    [InlineData("update journal.entry set actor = 'x'")]
    [InlineData("delete from journal.entry")]
    [InlineData("truncate journal.entry")]
    [InlineData("update journal.entry_0 set actor = 'x'")]
    public async Task Change_ByServingRole_Refused(string sql)
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        await database.Write(work => work.Append([Note("a/1", 0, "one")]));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.Execute(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Change_ByOwner_RefusedByTrigger_AndFoundWhenForced()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        await using var owner = Database.Connect(store.Owner);
        await database.Write(work => work.Append([Note("a/1", 0, "one"), Note("a/1", 1, "two"), Note("a/1", 2, "three")]));
        await Assert.ThrowsAsync<PostgresException>(() => owner.Execute("update journal.entry set actor = 'x'"));
        await owner.Execute("""
            alter table journal.entry disable trigger entry_append_only;
            update journal.entry set body = jsonb_set(body, '{number}', '2') where version = 2;
            alter table journal.entry enable trigger entry_append_only;
            """);
        Assert.Equal(2, await database.FirstBroken("a/1"));
    }

    private static async Task<int> Step(Database database, Lookout lookout) =>
        (await FollowerStep.Concerned(database, [lookout], default)).Count == 0 ? 0 : await FollowerStep.Run(database, lookout, default);

    [Fact]
    public async Task Follower_LateCommitOfEarlierEntry_SkipsNothing()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var seen = new Collector();
        var lookout = new Lookout(seen);
        await using var slow = await database.Open();
        await using var late = await slow.BeginTransactionAsync();
        await new Work(slow, late, default, []).Append([Note("late/1", 0, "late")]);
        await database.Write(work => work.Append([Note("early/1", 0, "early")]));

        // The late transaction is still running: nothing at or above it may be read yet.
        Assert.Equal(0, await Step(database, lookout));
        await late.CommitAsync();
        await Settled(database);
        Assert.Equal(2, await Step(database, lookout));
        Assert.Equal(["late", "early"], seen.Seen);
        Assert.Equal(0, await Step(database, lookout));
    }

    [Fact]
    public async Task Follower_ThatLookedAhead_MissesNothing_AndStartsAgainWhenItsCursorIsSetBack()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        var seen = new Collector();
        var lookout = new Lookout(seen);
        await database.Write(work => work.Append([Note("s/1", 0, "first")]));
        await Settled(database);
        Assert.Equal(1, await Step(database, lookout));
        for (var i = 0; i < 3; i++)
        {
            await database.Write(work => work.Append("other/1", i, new Elsewhere(i), Actor.Sahulat("test"), At));
            await Settled(database);
            Assert.Equal(0, await Step(database, lookout));
        }

        await database.Write(work => work.Append([Note("s/1", 1, "second")]));
        await Settled(database);
        Assert.Equal(1, await Step(database, lookout));
        await database.Execute("update journal.cursor set xid = '0', position = 0 where follower = 'test.collector'");
        Assert.Equal(2, await Step(database, lookout));
        Assert.Equal(["first", "second", "first", "second"], seen.Seen);
    }

    [Fact]
    public async Task Follower_ThatThrows_KeepsItsCursor_AndTwoAtOnce_ApplyOnce()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        await database.Write(work => work.Append([.. Enumerable.Range(0, 1200).Select(i => Note($"s/{i}", 0, "n", i))]));
        await Settled(database);
        var seen = new Collector { FailFirst = true };
        await Assert.ThrowsAsync<InvalidOperationException>(() => Step(database, new Lookout(seen)));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            var lookout = new Lookout(seen);
            while (await Step(database, lookout) > 0)
            {
            }
        }));
        Assert.Equal(1200, seen.Numbers.Count);
        Assert.Equal(Enumerable.Range(0, 1200), seen.Numbers.Order());
    }

    [Fact]
    public async Task GroupCommit_BadRow_FailsAlone()
    {
        await using var store = await cluster.Clone();
        await using var database = Database.Connect(store.App);
        await using var group = new GroupCommit<Append, long>(database, async (work, appends) => await work.Append(appends));
        await group.Submit(Note("taken/1", 0, "first"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            try
            {
                return await group.Submit(Note(i == 77 ? "taken/1" : $"g/{i}", 0, "x", i));
            }
            catch (JournalConflictException)
            {
                return -1;
            }
        }));
        Assert.Equal(-1, answers[77]);
        Assert.Equal(199, answers.Count(a => a == 1));
        Assert.Equal(200, await database.One<int>("select count(*)::int from journal.entry"));
    }

    /// <summary>Transactions of other tests run on the same cluster, and followers wait for those as well.</summary>
    private static Task Settled(Database database) => Eventually.True(
        () => database.One<bool>("select pg_snapshot_xmin(pg_current_snapshot()) > (select xid from journal.entry order by xid desc limit 1)"), "everything written can be followed");

    private sealed class Collector : IFollower
    {
        public bool FailFirst { get; set; }

        public List<string> Seen { get; } = [];

        public List<int> Numbers { get; } = [];

        public string Name => "test.collector";

        public IReadOnlyCollection<string> Kinds => [Noted.Kind];

        public Task Apply(Work work, IReadOnlyList<JournalEntry> entries)
        {
            if (FailFirst)
            {
                FailFirst = false;
                throw new InvalidOperationException("as told");
            }

            lock (Seen)
            {
                foreach (var entry in entries)
                {
                    Seen.Add(entry.As<Noted>().What);
                    Numbers.Add(entry.As<Noted>().Number);
                }
            }

            return Task.CompletedTask;
        }
    }
}
