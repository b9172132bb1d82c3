using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Sahulat.Kernel.Data;

namespace Sahulat.Kernel.Blobs;

/// <summary>Blobs in a bucket. Content waits in a spool folder, sealed, until its address is known.</summary>
public sealed class S3Blobs : IBlobStore, IDisposable
{
    private readonly AmazonS3Client client;
    private readonly string bucket;
    private readonly string spool;

    /// <param name="spool">A folder of this node's own.</param>
    public S3Blobs(S3Options options, string spool)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            AuthenticationRegion = options.Region,
            // Other stores than Amazon's do not know its newer checksums; the content is signed, and its address is its SHA-256.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint.Length > 0) config.ServiceURL = options.Endpoint;
        else config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
        (bucket, this.spool) = (options.Bucket, spool);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(spool))!);
        Directory.CreateDirectory(spool, DurableFile.OwnerFolder);
    }

    public async Task<string> Put(Stream content, CancellationToken ct)
    {
        await using var written = await Spool.Write(content, spool, ct);
        if (await Has(written.Address, ct)) return written.Address;
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = Key(written.Address), FilePath = written.Path, ContentType = "application/octet-stream", UseChunkEncoding = false }, ct);
        return written.Address;
    }

    public async Task<Stream?> Get(string address, CancellationToken ct)
    {
        try
        {
            return (await client.GetObjectAsync(bucket, Key(address), ct)).ResponseStream;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task Delete(string address, CancellationToken ct) => client.DeleteObjectAsync(bucket, Key(address), ct);

    public void Dispose() => client.Dispose();

    private async Task<bool> Has(string address, CancellationToken ct)
    {
        try
        {
            await client.GetObjectMetadataAsync(bucket, Key(address), ct);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static string Key(string address) => $"{BlobAddress.Checked(address)[..2]}/{address[2..4]}/{address}";
}
