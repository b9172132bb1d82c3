using System.Collections.Concurrent;
using Sahulat.Contracts.Catalogue;

namespace Sahulat.Catalogue.Forms;

/// <summary>Each version's form, compiled at the first need and kept.</summary>
internal sealed class CompiledForms(TimeProvider time, PersonParts persons, PlaceNames places, SummaryWriting summary) : IForms
{
    // India has kept one offset since 1945, so the zone needs no table.
    private static readonly TimeSpan IndianOffset = new(5, 30, 0);

    private readonly ConcurrentDictionary<FormDefinition, CompiledForm> compiled = new(ReferenceEqualityComparer.Instance);

    public DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(IndianOffset).DateTime);

    public CompiledForm For(ServiceVersion service)
    {
        if (service.Form is null) throw new ArgumentException($"{service.Code} has no form", nameof(service));
        return compiled.GetOrAdd(service.Form, Once);
    }

    /// <summary>For a look at a form that is still being written: nothing is kept.</summary>
    public CompiledForm Once(FormDefinition form) => new CompiledServiceForm(form, new RuleSources(persons, places.Knows), Today, summary);
}
