using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Catalogue;

public interface IForms
{
    /// <summary>Compiled once a version. Throws for a service without a form (<see cref="ServiceVersion.Online"/> is false).</summary>
    CompiledForm For(ServiceVersion service);
}

/// <summary>
/// A form ready to check answers. Answers are one JSON object keyed by field name: text and choice = string, number = integer, money = number,
/// date = "yyyy-MM-dd", choice of many = array of codes, place = place code, person = object of its parts, group = array of objects,
/// document = {"document": "guid", "name": "…", "type": "…", "size": n}. An empty answer is left out. Faults point like /heirs/0/name.
/// </summary>
public abstract class CompiledForm
{
    public abstract IReadOnlyList<FormPage> Pages { get; }

    /// <summary>The pages asked, given the answers so far.</summary>
    public abstract IReadOnlyList<FormPage> Visible(JsonObject answers);

    /// <summary>The fields asked on a page, given the answers so far.</summary>
    public abstract IReadOnlyList<FormField> Visible(FormPage page, JsonObject answers);

    /// <summary>Puts the answers into normal form in place (NFC, ASCII digits in numbers) and returns every fault of the whole form, unknown fields included.
    /// A document that is not there is no fault (see <see cref="MissingDocuments"/>): such an application is taken as incomplete (SRO 223, rule 4).</summary>
    public abstract IReadOnlyList<Fault> Check(JsonObject answers);

    /// <summary>The same for one page; answers of other pages are looked at for conditions only.</summary>
    public abstract IReadOnlyList<Fault> CheckPage(string pageId, JsonObject answers);

    /// <summary>A posted page as answers. Documents are not in it: the room that stores the file adds them.</summary>
    public abstract JsonObject ReadPost(string pageId, IFormCollection posted);

    /// <summary>A new object: the answers with those of the page replaced by <paramref name="page"/> (documents kept unless given anew),
    /// and without answers to questions that are no longer asked.</summary>
    public abstract JsonObject Merge(JsonObject answers, string pageId, JsonObject page);

    /// <summary>Required documents that are asked for and not there.</summary>
    public abstract IReadOnlyList<FormField> MissingDocuments(JsonObject answers);

    /// <summary>The parts of a person as questions of their own.</summary>
    public abstract IReadOnlyList<FormField> Parts(FormField person);

    /// <summary>For "check your answers" and the desk: one row an answer, in the order of the form.</summary>
    public abstract IReadOnlyList<SummaryRow> Summary(JsonObject answers, Lang lang);

    /// <summary>The buttons "add another" and "remove" of a repeated group send the page only to show it again: save the answers without checking and return to the same page.</summary>
    public static bool AddsOrRemoves(IFormCollection posted) => posted.ContainsKey(AddButton) || posted.ContainsKey(RemoveButton);

    public const string AddButton = "_add", RemoveButton = "_remove";
}

/// <param name="Document">The stored document, where the answer is one.</param>
public sealed record SummaryRow(string PageId, string Pointer, string Label, string Value, Guid? Document = null);

/// <summary>Draws the questions of one page, heading included, inside the caller's own <c>&lt;s-form upload="true"&gt;</c>. Call it from a view with <c>Html</c>.
/// Faults are shown from the page's refusal (<c>Refuse(Problem.Invalid(faults))</c>); field names are <c>name</c>, <c>person.part</c>, <c>group.0.name</c>, a date adds .day .month .year.</summary>
public interface IFormRenderer
{
    Task<IHtmlContent> Render(IHtmlHelper html, CompiledForm form, FormPage page, JsonObject answers);
}
