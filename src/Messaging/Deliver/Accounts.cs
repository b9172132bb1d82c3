using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sahulat.Messaging.Accept;
using Sahulat.Messaging.Templates;

namespace Sahulat.Messaging.Deliver;

/// <summary>The accounts that settings name, by name and by channel. Where the installation says <c>Sahulat:Outbox=screen</c>, a channel without an account goes to the screen.</summary>
internal sealed class Accounts
{
    private readonly FrozenDictionary<string, Account> byName;
    private readonly FrozenDictionary<string, Account[]> byChannel;

    public Accounts(IConfiguration configuration, IEnumerable<ProviderKind> kinds, IServiceProvider services, TimeProvider time)
    {
        var known = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);
        var blocks = configuration.GetSection("Sahulat:Messaging:Providers").GetChildren().Select(ProviderSettings.Read).ToList();
        foreach (var channel in Channel.All.Append(Lanes.Simulator))
        {
            var kind = channel == Lanes.Simulator ? Lanes.Simulator : "screen";
            if (kind == "screen" && (configuration["Sahulat:Outbox"] != "screen" || blocks.Any(b => b.Channel == channel))) continue;
            blocks.Add(new($"{kind}-{channel}", kind, channel, 64, 0, 100, TimeSpan.FromSeconds(10), configuration.GetSection($"Sahulat:Messaging:{kind}")));
        }

        var all = blocks.Select(b => new Account(b, (IProvider)ActivatorUtilities.CreateInstance(services, (known.GetValueOrDefault(b.Kind) ?? throw new InvalidOperationException($"{b.Section.Path}: there is no provider of the kind '{b.Kind}', only {string.Join(", ", known.Keys)}")).Type, b), time)).ToArray();
        byName = all.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
        byChannel = all.GroupBy(a => a.Settings.Channel).ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    public IEnumerable<string> Channels => byChannel.Keys;

    public IEnumerable<Account> All => byName.Values;

    public Account? Find(string? name) => name is not null && byName.TryGetValue(name, out var found) ? found : null;

    public IReadOnlyList<Account> Of(string channel) => byChannel.GetValueOrDefault(channel) ?? [];

    /// <summary>By their present weights; those that rest only when all do.</summary>
    public Account? Pick(string channel)
    {
        var all = Of(channel);
        if (all.Count <= 1) return all.Count == 0 ? null : all[0];
        var usable = all.Where(a => !a.Rests).ToArray();
        if (usable.Length == 0) usable = [.. all];
        var at = Random.Shared.NextDouble() * usable.Sum(a => a.Weight);
        foreach (var account in usable)
            if ((at -= account.Weight) < 0) return account;
        return usable[^1];
    }

    /// <summary>Sixteen names in proportion to the weights, for the queue to deal out.</summary>
    public string[] Deal(string channel) => [.. Enumerable.Range(0, 16).Select(_ => Pick(channel)!.Name)];
}
