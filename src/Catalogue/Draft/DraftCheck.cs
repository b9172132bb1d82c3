using Sahulat.Catalogue.Forms;
using Sahulat.Catalogue.Load;
using Sahulat.Catalogue.Versions;
using Sahulat.Contracts.Catalogue;
using Sahulat.Contracts.Organisation;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;
using YamlDotNet.RepresentationModel;

namespace Sahulat.Catalogue.Draft;

/// <summary>What is wrong with a draft, and where in its tree. <paramref name="Gap"/>: only a translation is missing.</summary>
internal sealed record DraftFault(string Path, Fault Fault, bool Gap)
{
    public bool Within(string path) => path.Length == 0 || Path == path || Path.StartsWith(path + "/", StringComparison.Ordinal);
}

/// <summary>A draft as the catalogue would read it, with everything that is wrong.</summary>
internal sealed record CheckedDraft(ServiceVersion Service, IReadOnlyList<DraftFault> Faults)
{
    /// <summary>Faults for the inputs of the node at <paramref name="path"/>, named from there.</summary>
    public IReadOnlyList<Fault> At(string path) =>
        [.. Faults.Where(f => f.Within(path)).Select(f => f.Fault with { Pointer = "/" + f.Path[path.Length..].Trim('/') })];
}

/// <summary>Reads a draft the way a pack file is read; nothing is checked twice in two ways.</summary>
internal sealed class DraftCheck(ServiceDirectory directory, IOrganisation organisation, CompiledForms forms)
{
    /// <summary>What the rest of the data knows, for the choices of the screen as well.</summary>
    public PackFacts Facts => new(organisation.Departments.Keys.ToHashSet(StringComparer.Ordinal), organisation.Designations.Keys.ToHashSet(StringComparer.Ordinal),
        directory.Current.Laws(forms.Today()).ToDictionary(l => l.Code, StringComparer.Ordinal));

    public CheckedDraft Of(ServiceDocument document, string code)
    {
        var faults = new List<PackFault>();
        var yaml = document.Text();
        var service = PackReading.One("draft", yaml, faults, map => ServiceFile.Read(map, Facts)) ?? throw new InvalidOperationException("a draft that was written cannot be read");
        var places = Places(yaml);
        var found = faults.Select(f => Sentences.Say(f, places.GetValueOrDefault((f.Line, f.Column), ""))).ToList();
        if (service.Code != code) found.Add(new DraftFault("code", new Fault("code", "code-fixed", code), Gap: false));
        return new CheckedDraft(service, [.. found.DistinctBy(f => (f.Path, f.Fault.Code, string.Join('|', f.Fault.Args)))]);
    }

    /// <summary>The path of the node that starts at each line and column.</summary>
    private static Dictionary<(int, int), string> Places(string yaml)
    {
        var places = new Dictionary<(int, int), string>();
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        Walk(stream.Documents[0].RootNode, "");
        return places;

        void Walk(YamlNode node, string path)
        {
            places.TryAdd(((int)node.Start.Line, (int)node.Start.Column), path);
            if (node is YamlMappingNode map)
            {
                foreach (var (key, value) in map.Children)
                {
                    var below = $"{path}/{key}".TrimStart('/');
                    Walk(value, below);
                    places.TryAdd(((int)key.Start.Line, (int)key.Start.Column), below);
                }
            }
            else if (node is YamlSequenceNode list)
            {
                for (var i = 0; i < list.Children.Count; i++) Walk(list.Children[i], $"{path}/{i}");
            }
        }
    }
}
