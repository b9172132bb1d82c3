using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sahulat.Catalogue.Load;

/// <summary>A fault as it is written where it is found (<c>$"page '{id}' is there twice"</c>), and as a sentence with gaps, by which other languages know it.</summary>
[InterpolatedStringHandler]
internal readonly struct Sentence(int literalLength, int gaps)
{
    private readonly StringBuilder text = new(literalLength + gaps * 8), format = new(literalLength + gaps * 3);
    private readonly List<string> args = new(gaps);

    public string Text => text.ToString();

    public string Format => format.ToString();

    public IReadOnlyList<string> Args => args;

    public void AppendLiteral(string literal)
    {
        text.Append(literal);
        format.Append(literal);
    }

    public void AppendFormatted<T>(T value)
    {
        var word = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        text.Append(word);
        format.Append('{').Append(args.Count).Append('}');
        args.Add(word);
    }
}
