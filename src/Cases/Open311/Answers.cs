using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace Sahulat.Cases.Open311;

/// <summary>Answers in the two shapes of GeoReport v2. Both are written from one tree: an object is an element of that name, a list an element whose children bear the item's name.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How the items of a list are called in XML.</summary>
    private static readonly Dictionary<string, string> Items = new(StringComparer.Ordinal)
    {
        ["services"] = "service", ["service_requests"] = "request", ["errors"] = "error", ["attributes"] = "attribute", ["values"] = "value", ["endpoints"] = "endpoint", ["formats"] = "format",
    };

    /// <param name="root">Name of the outermost element of XML; JSON has none.</param>
    public static IResult Of(string format, string root, JsonNode body, int status = StatusCodes.Status200OK) =>
        format == "xml" ? Results.Text(Xml(root, body), "text/xml", Encoding.UTF8, status) : Results.Text(body.ToJsonString(Json), "application/json", Encoding.UTF8, status);

    /// <summary>The standard's own shape: a list of code and description, whatever the format.</summary>
    public static IResult Error(string format, int status, params string[] descriptions) =>
        Of(format, "errors", new JsonArray([.. descriptions.Select(d => new JsonObject { ["code"] = status, ["description"] = d })]), status);

    public static string Moment(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Xml(string root, JsonNode body)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(new Utf8Text(text), new XmlWriterSettings { Encoding = Encoding.UTF8, CheckCharacters = true }))
        {
            writer.WriteStartDocument();
            Write(writer, root, body);
            writer.WriteEndDocument();
        }

        return text.ToString();
    }

    private static void Write(XmlWriter writer, string name, JsonNode? node)
    {
        writer.WriteStartElement(name);
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members) Write(writer, key, value);
                break;
            case JsonArray items:
                foreach (var item in items) Write(writer, Items[name], item);
                break;
            case JsonValue value:
                writer.WriteString(value.GetValueKind() == JsonValueKind.String ? Clean((string)value!) : value.ToJsonString());
                break;
        }

        writer.WriteEndElement();
    }

    /// <summary>Without what XML 1.0 cannot carry.</summary>
    private static string Clean(string text) => text.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)) ? text : string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));

    private sealed class Utf8Text(StringBuilder text) : StringWriter(text, CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
