using System.Text.Json;
using Sahulat.Kernel;
using Sahulat.Kernel.Data;

namespace Sahulat.Feedback.Questions;

/// <summary>The questions of the pack, held in memory; read again every minute, since another node may have loaded others.</summary>
internal sealed class QuestionStore(Database database, TimeProvider time) : IPackLoader
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private QuestionFile? read;
    private (QuestionFile File, long At)? held;

    public async ValueTask<QuestionFile> Current(CancellationToken ct)
    {
        if (held is { } known && time.GetElapsedTime(known.At) < Fresh) return known.File;
        await Refresh(ct);
        return held!.Value.File;
    }

    public async Task<IReadOnlyList<PackFault>> Read(string folder, CancellationToken ct)
    {
        var faults = new List<PackFault>();
        read = null;
        var path = Path.Combine(folder, "feedback", "questions.yaml");
        if (!File.Exists(path)) return faults;
        var (services, categories) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        // The pack's own services: those in force may be older.
        var folderOfServices = Path.Combine(folder, "services");
        foreach (var file in System.IO.Directory.Exists(folderOfServices) ? System.IO.Directory.EnumerateFiles(folderOfServices, "*.yaml") : [])
        {
            await foreach (var line in File.ReadLinesAsync(file, ct))
            {
                if (line.StartsWith("code:", StringComparison.Ordinal)) services.Add(line[5..].Trim());
                else if (line.StartsWith("category:", StringComparison.Ordinal)) categories.Add(line[9..].Trim());
            }
        }

        read = new QuestionReading("feedback/questions.yaml", services, categories, faults).Read(await File.ReadAllTextAsync(path, ct));
        return faults;
    }

    public async Task<string> Store(Work work, CancellationToken ct)
    {
        if (read is null) return "feedback: no questions";
        await work.Execute("insert into feedback.question_file (body) values (@body::jsonb) on conflict (one) do update set body = excluded.body", new { body = JsonSerializer.Serialize(read) });
        return $"feedback: {read.Questions.Count} questions in {read.Sets.Count} sets";
    }

    public async Task Refresh(CancellationToken ct)
    {
        var at = time.GetTimestamp();
        var body = await database.One<string>("select body::text from feedback.question_file", ct: ct);
        held = (body is null ? QuestionFile.None : JsonSerializer.Deserialize<QuestionFile>(body)!, at);
    }
}
