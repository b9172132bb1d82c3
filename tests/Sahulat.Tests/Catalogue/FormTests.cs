using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Sahulat.Catalogue;
using Sahulat.Catalogue.Forms;
using Sahulat.Contracts.Catalogue;
using Sahulat.Kernel.Language;
using Sahulat.Tests.Support;

namespace Sahulat.Tests.Catalogue;

public sealed class FormTests
{
    internal static readonly DateOnly Today = new(2026, 11, 2);
    private static readonly CompiledForm Form = Compile(PackTests.Read(FormYaml.Everything).Service.Form!);

    [Fact]
    public void Check_RightAnswers_NoFault() => Assert.Empty(Form.Check(Right()));

    [Theory]
    [InlineData("full_name", "null", "/full_name", "required")]
    [InlineData("full_name", "\"  \"", "/full_name", "required")]
    [InlineData("full_name", "5", "/full_name", "wrong-type")]
    [InlineData("full_name", "[\"a\"]", "/full_name", "wrong-type")]
    [InlineData("full_name", "\"abcdefghijklmnopqrstuvwxyz0123456789\"", "/full_name", "too-long")]
    [InlineData("full_name", "\"a\\u0000b\"", "/full_name", "control-characters")]
    [InlineData("full_name", "\"a\\u202Eb\"", "/full_name", "control-characters")]
    [InlineData("full_name", "\"a\\u2066b\"", "/full_name", "control-characters")]
    [InlineData("full_name", "\"a\\nb\"", "/full_name", "control-characters")]
    [InlineData("mobile", "\"12345\"", "/mobile", "not-a-mobile")]
    [InlineData("mobile", "\"5419000000\"", "/mobile", "not-a-mobile")]
    [InlineData("pin", "\"090001\"", "/pin", "not-a-pin")]
    [InlineData("email", "\"a@b\"", "/email", "not-an-email")]
    [InlineData("email", "\"a b@c.in\"", "/email", "not-an-email")]
    [InlineData("vehicle", "\"JK1\"", "/vehicle", "not-a-vehicle")]
    [InlineData("code", "\"12-34\"", "/code", "bad-format")]
    [InlineData("rooms", "0", "/rooms", "too-small")]
    [InlineData("rooms", "21", "/rooms", "too-big")]
    [InlineData("rooms", "1.5", "/rooms", "not-a-number")]
    [InlineData("rooms", "\"two\"", "/rooms", "not-a-number")]
    [InlineData("rooms", "1e400", "/rooms", "not-a-number")]
    [InlineData("rooms", "true", "/rooms", "wrong-type")]
    [InlineData("income", "100.505", "/income", "not-an-amount")]
    [InlineData("income", "-1", "/income", "too-small")]
    [InlineData("born_on", "\"2026-02-30\"", "/born_on", "not-a-date")]
    [InlineData("born_on", "\"2010-01-01\"", "/born_on", "date-too-late")]
    [InlineData("born_on", "\"1899-12-31\"", "/born_on", "date-too-early")]
    [InlineData("kind", "\"shed\"", "/kind", "not-a-choice")]
    [InlineData("needs", "[\"water\",\"gold\"]", "/needs", "not-a-choice")]
    [InlineData("needs", "[\"water\",\"water\"]", "/needs", "not-a-choice")]
    [InlineData("needs", "\"water\"", "/needs", "wrong-type")]
    [InlineData("tehsil", "\"district-1\"", "/tehsil", "not-a-place")]
    [InlineData("witness", "{\"name\":\"A\"}", "/witness/born_on", "required")]
    [InlineData("witness", "{\"name\":\"A\",\"born_on\":\"1980-01-01\",\"x\":1}", "/witness/x", "unknown-field")]
    [InlineData("heirs", "[]", "/heirs", "required")]
    [InlineData("heirs", "[{}]", "/heirs/0/name", "required")]
    [InlineData("heirs", "[{\"name\":\"A\"},{\"name\":\"B\",\"age\":200}]", "/heirs/1/age", "too-big")]
    [InlineData("heirs", "[{\"name\":\"A\"},{\"name\":\"B\"},{\"name\":\"C\"},{\"name\":\"D\"}]", "/heirs", "too-many")]
    [InlineData("heirs", "[5]", "/heirs/0", "wrong-type")]
    [InlineData("proof", "{\"document\":\"x\",\"name\":\"a.pdf\",\"type\":\"application/pdf\",\"size\":9}", "/proof/document", "wrong-type")]
    [InlineData("proof", "{\"document\":\"0199a0de-0000-7000-8000-000000000001\",\"name\":\"a.exe\",\"type\":\"application/exe\",\"size\":9}", "/proof", "file-wrong-type")]
    [InlineData("proof", "{\"document\":\"0199a0de-0000-7000-8000-000000000001\",\"name\":\"a.pdf\",\"type\":\"application/pdf\",\"size\":9000000}", "/proof", "file-too-large")]
    [InlineData("until", "\"2026-01-01\"", "/from", "check")]
    [InlineData("boss", "\"Somebody\"", "/boss", "not-asked")]
    [InlineData("nonsense", "1", "/nonsense", "unknown-field")]
    [InlineData("a/b~c", "1", "/a~1b~0c", "unknown-field")]
    public void Check_WrongAnswer_IsNamed(string field, string json, string pointer, string code)
    {
        var answers = Right();
        answers[field] = JsonNode.Parse(json);
        var fault = Assert.Single(Form.Check(answers));
        Assert.Equal((pointer, code), (fault.Pointer, fault.Code));
    }

    [Theory]
    [InlineData("mobile", "+91 94190-00000", "9419000000")]
    [InlineData("mobile", "۹۴۱۹۰۰۰۰۰۰", "9419000000")]
    [InlineData("mobile", "९४१९००००००", "9419000000")]
    [InlineData("pin", "١٩٠٠٠١", "190001")]
    [InlineData("born_on", "१९९०-०१-०१", "1990-01-01")]
    [InlineData("full_name", "  e\u0301 ", "é")]
    [InlineData("full_name", "\u200Fمحمد\u200E", "محمد")]
    [InlineData("full_name", "क्\u200Dष", "क्\u200Dष")]
    [InlineData("full_name", "علي كريم", "علي كريم")]
    public void Check_Answer_IsPutInNormalForm(string field, string typed, string normal)
    {
        var answers = Right();
        answers[field] = typed;
        Assert.Empty(Form.Check(answers));
        Assert.Equal(normal, answers[field]!.GetValue<string>());
    }

    [Fact]
    public void Check_KeyTwice_IsAFault() =>
        Assert.Equal("repeated-field", Assert.Single(Form.Check(JsonNode.Parse("{\"full_name\":\"a\",\"full_name\":\"b\"}")!.AsObject())).Code);

    [Fact]
    public void Check_Empty_TellsEveryMissingAnswer() => Assert.True(Form.Check([]).Count > 8);

    [Fact]
    public void MissingDocuments_AreNamedAndNoFault()
    {
        var answers = Right();
        answers.Remove("proof");
        Assert.Empty(Form.Check(answers));
        Assert.Equal("proof", Assert.Single(Form.MissingDocuments(answers)).Name);
    }

    [Fact]
    public void Merge_AnswerThatHidesOthers_DropsThem()
    {
        var answers = Right();
        answers["kind"] = "shop";
        answers["boss"] = "B";
        answers.Remove("needs");
        answers.Remove("tehsil");
        Assert.Empty(Form.Check(answers));
        Assert.Contains(Form.Visible(answers), p => p.Id == "work");
        var merged = Form.Merge(answers, "house", new JsonObject { ["kind"] = "house", ["rooms"] = 2 });
        Assert.False(merged.ContainsKey("boss"));
        Assert.DoesNotContain(Form.Visible(merged), p => p.Id == "work");
        Assert.Equal("B", answers["boss"]!.GetValue<string>());
    }

    [Fact]
    public void ReadPost_Page_BecomesAnswers()
    {
        var posted = new FormCollection(new Dictionary<string, StringValues>
        {
            ["heirs.0.name"] = "A", ["heirs.0.age"] = "٤٢", ["heirs.1.name"] = "", ["heirs.1.age"] = "",
        });
        Assert.Equal("""{"heirs":[{"name":"A","age":42}]}""", Form.ReadPost("heirs", posted).ToJsonString());
        posted = new FormCollection(new Dictionary<string, StringValues> { ["heirs.0.name"] = "A", ["heirs.1.name"] = "B", ["_remove"] = "heirs/0" });
        Assert.Equal("""{"heirs":[{"name":"B"}]}""", Form.ReadPost("heirs", posted).ToJsonString());
        posted = new FormCollection(new Dictionary<string, StringValues> { ["heirs.0.name"] = "A", ["_add"] = "heirs" });
        Assert.Equal("""{"heirs":[{"name":"A"},{}]}""", Form.ReadPost("heirs", posted).ToJsonString());
        posted = new FormCollection(new Dictionary<string, StringValues>
        {
            ["full_name"] = "N", ["born_on.day"] = "1", ["born_on.month"] = "2", ["born_on.year"] = "1990", ["income"] = "₹1,20,000.50", ["mobile"] = "abc",
        });
        Assert.Equal("""{"full_name":"N","mobile":"abc","income":120000.50,"born_on":"1990-02-01"}""", Form.ReadPost("you", posted).ToJsonString());
    }

    [Fact]
    public void Summary_IsInTheReadersLanguage()
    {
        var answers = Right();
        answers.Remove("tehsil");
        var rows = Form.Summary(answers, Lang.En);
        Assert.Contains(rows, r => r is { Label: "Full name", Value: "Asha" });
        Assert.Contains(rows, r => r is { Label: "Income", Value: "₹1,20,000" });
        Assert.Contains(rows, r => r is { Label: "Heirs 1: Name", Pointer: "/heirs/0/name" });
        Assert.Contains(rows, r => r.Document is not null && r.Value == "a.pdf");
        Assert.Contains(rows, r => r.Label == "Witness: Name");
    }

    internal static JsonObject Right() => JsonNode.Parse("""
        {"full_name":"Asha","mobile":"9419000000","pin":"190001","email":"a@b.in","vehicle":"JK01AB1234","code":"ab12","income":120000,"born_on":"1990-01-01",
         "from":"2026-01-05","until":"2026-02-05","kind":"house","rooms":3,"needs":["water"],"tehsil":"tehsil-5",
         "witness":{"name":"Bilal","born_on":"1980-05-05"},"heirs":[{"name":"A","age":40}],
         "proof":{"document":"0199a0de-0000-7000-8000-000000000001","name":"a.pdf","type":"application/pdf","size":1000}}
        """)!.AsObject();

    internal static CompiledForm Compile(FormDefinition form)
    {
        var texts = new TextCatalogue([typeof(CatalogueModule).Assembly]);
        var persons = new PersonParts(texts);
        var places = new PlaceNames(new ServiceCollection().BuildServiceProvider());
        return new CompiledServiceForm(form, new RuleSources(persons, (kind, code) => code.StartsWith(kind + "-", StringComparison.Ordinal)), () => Today, new SummaryWriting(texts, persons, places));
    }
}
