using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Sahulat.Kernel.Pages;

/// <summary>The browser assets inside the host's assembly, each under a name that holds the hash of its content, with its compressed forms.
/// <c>wwwroot/assets.json</c> maps plain names to hashed ones.</summary>
public sealed class Assets
{
    private const string Root = "wwwroot/";
    private readonly FrozenDictionary<string, string> hashed;
    private readonly FrozenDictionary<string, Asset> byPath;

    public Assets(IEnumerable<Assembly> assemblies)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var assembly in assemblies)
        {
            if (assembly.GetManifestResourceStream(Root + "assets.json") is not { } list) continue;
            using (list)
            {
                foreach (var (plain, name) in JsonSerializer.Deserialize<Dictionary<string, string>>(list)!)
                {
                    names[plain] = "/" + name;
                    files["/" + name] = new Asset(Bytes(assembly, name)!, Bytes(assembly, name + ".br"), Bytes(assembly, name + ".gz"), TypeOf(name), plain != name);
                }
            }
        }

        hashed = names.ToFrozenDictionary(StringComparer.Ordinal);
        byPath = files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The address of an asset by its plain name: <c>css/citizen.css</c>.</summary>
    public string this[string name] => hashed.TryGetValue(name, out var path) ? path : throw new InvalidOperationException($"no asset named {name}");

    /// <summary>The content of an asset by its plain name, for what is printed rather than served.</summary>
    public ReadOnlyMemory<byte> Content(string name) => byPath[this[name]].Plain;

    internal Asset? Find(string path) => byPath.TryGetValue(path, out var asset) ? asset : null;

    private static byte[]? Bytes(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(Root + name);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".woff2" => "font/woff2",
        ".webmanifest" => "application/manifest+json",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}

internal sealed record Asset(byte[] Plain, byte[]? Brotli, byte[]? Gzip, string ContentType, bool Immutable);
