namespace Sahulat.Kernel.Blobs;

/// <summary>Bytes by their address: the SHA-256 of what is stored, in lower-case hex. What is stored is sealed already.</summary>
public interface IBlobStore
{
    /// <summary>Stored for good on return. The same bytes twice are stored once.</summary>
    /// <returns>The address.</returns>
    Task<string> Put(Stream content, CancellationToken ct);

    /// <returns>Null when nothing has that address.</returns>
    Task<Stream?> Get(string address, CancellationToken ct);

    /// <summary>Nothing happens when nothing has that address.</summary>
    Task Delete(string address, CancellationToken ct);
}

/// <summary>Where blobs are: a folder, or a bucket when one is named. Section <c>Sahulat:Blobs</c>.</summary>
public sealed class BlobOptions
{
    public string Folder { get; set; } = "";

    public S3Options? S3 { get; set; }
}

/// <summary>A bucket of any store that speaks S3.</summary>
public sealed class S3Options
{
    public required string Bucket { get; set; }

    /// <summary>As <c>https://s3.example.org</c>; empty for Amazon's own.</summary>
    public string Endpoint { get; set; } = "";

    public string Region { get; set; } = "ap-south-1";

    public required string AccessKey { get; set; }

    public required string SecretKey { get; set; }

    /// <summary>The bucket in the path rather than in the host name: most stores outside Amazon want it.</summary>
    public bool PathStyle { get; set; } = true;
}
