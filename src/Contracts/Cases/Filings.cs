using System.Text.Json.Nodes;
using Sahulat.Kernel;
using Sahulat.Kernel.Language;

namespace Sahulat.Contracts.Cases;

/// <summary>A request being put together elsewhere than on the pages of the form. The id is chosen by the caller and names the request once for all.</summary>
/// <param name="Mobile">Ten digits of a number that the applicant has proved to hold.</param>
public sealed record RequestDraft(Guid Id, string Service, string Place, string Mobile, Lang Lang, JsonObject Answers);

/// <param name="Shown">The reference in groups, as people read it out.</param>
/// <param name="Missing">Names of the questions whose papers are missing; then the clock does not run yet (SRO 223, rule 4).</param>
public sealed record FiledRequest(string Reference, string Shown, DateOnly FiledOn, DateOnly? DueOn, IReadOnlyList<string> Missing);

/// <summary>Filing for an applicant who answers elsewhere than on the pages of the form: the same checks, drafts, papers and intake.</summary>
public interface IFilings
{
    /// <summary>Keeps the answers so far. Papers that came since stay in it.</summary>
    /// <returns>The answers with those papers.</returns>
    Task<Result<JsonObject>> Keep(RequestDraft draft, CancellationToken ct);

    /// <summary>A path below the language at which whoever has it may send the paper of this question of the draft, for one day.</summary>
    string PaperPath(Guid draft, string field);

    /// <summary>A paper that came by the conversation itself.</summary>
    Task<Result<Done>> AddPaper(RequestDraft draft, string field, string name, byte[] content, CancellationToken ct);

    /// <summary>Files it. The same draft again gives the same request.</summary>
    Task<Result<FiledRequest>> File(RequestDraft draft, CancellationToken ct);
}

/// <summary>A request as whoever holds the applicant's number may see it. The state is named by the text <c>cases.state.{State}</c>.</summary>
public sealed record TrackedRequest(string Reference, string Shown, string Service, int ServiceVersion, string State, DateOnly FiledOn, DateOnly? DueOn, DateOnly? DecidedOn);

public interface ITracking
{
    /// <summary>A wrong reference and another's number get the same refusal.</summary>
    /// <param name="network">Attempts are counted by it.</param>
    Task<Result<TrackedRequest>> Find(string? reference, string mobile, string network, CancellationToken ct);

    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<TrackedRequest>> Of(string mobile, int most, CancellationToken ct);
}
