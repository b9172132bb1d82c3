using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sahulat.Kernel.Blobs;
using Sahulat.Kernel.Vault;

namespace Sahulat.Tests.Kernel;

/// <summary>Against a bucket that checks signatures (AWS Signature Version 4) and content hashes as a store does.</summary>
public sealed class S3BlobTests : IAsyncLifetime
{
    private const string Secret = "a secret";
    private readonly string folder = Path.Combine("/tmp", "sahulat-s3-" + Guid.NewGuid().ToString("N")[..8]);
    private readonly ConcurrentDictionary<string, byte[]> bucket = new();
    private readonly ConcurrentQueue<string> requests = new();
    private WebApplication server = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(Answer);
        await server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private S3Blobs Client(string secret = Secret) =>
        new(new S3Options { Bucket = "papers", Endpoint = server.Urls.First(), AccessKey = "an id", SecretKey = secret }, Path.Combine(folder, "spool"));

    private async Task Answer(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var (request, response, path) = (context.Request, context.Response, context.Request.Path.Value!);
        requests.Enqueue($"{request.Method} {path}");
        if (!Signed(request, body.ToArray()))
        {
            response.StatusCode = 403;
            await response.WriteAsync("<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>");
        }
        else if (request.Method == "PUT")
        {
            bucket[path] = body.ToArray();
        }
        else if (request.Method == "DELETE")
        {
            bucket.TryRemove(path, out _);
            response.StatusCode = 204;
        }
        else if (bucket.TryGetValue(path, out var content))
        {
            response.ContentLength = content.Length;
            if (request.Method == "GET") await response.Body.WriteAsync(content);
        }
        else
        {
            response.StatusCode = 404;
            if (request.Method == "GET") await response.WriteAsync("<Error><Code>NoSuchKey</Code><Message>no</Message></Error>");
        }
    }

    private static bool Signed(HttpRequest request, byte[] body)
    {
        string Part(string name) => request.Headers.Authorization.ToString().Split(name + "=")[^1].Split(',')[0].Trim();
        var hash = request.Headers["x-amz-content-sha256"].ToString();
        if (hash != Convert.ToHexStringLower(SHA256.HashData(body))) return false;
        var scope = Part("Credential").Split('/', 2)[1];
        var headers = Part("SignedHeaders").Split(';').Select(h => $"{h}:{request.Headers[h].ToString().Trim()}\n");
        var query = string.Join('&', request.Query.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value.ToString())}"));
        var canonical = $"{request.Method}\n{request.Path}\n{query}\n{string.Concat(headers)}\n{Part("SignedHeaders")}\n{hash}";
        var text = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Part("Signature") == Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task PutGetDelete_SealedFile_ComesBack()
    {
        using var store = Client();
        var blobs = new SealedBlobs(store);
        var (key, plain) = (new SubjectKey(Guid.NewGuid(), "case", RandomNumberGenerator.GetBytes(32)), RandomNumberGenerator.GetBytes(300_000));
        var address = await blobs.Put(key, new MemoryStream(plain), "cases.document/1", CancellationToken.None);
        Assert.Equal([$"/papers/{address[..2]}/{address[2..4]}/{address}"], bucket.Keys);
        Assert.Equal(address, Convert.ToHexStringLower(SHA256.HashData(bucket.Values.Single())));
        using var copy = new MemoryStream();
        await using (var opened = await blobs.Open(key, address, "cases.document/1", CancellationToken.None)) await opened!.CopyToAsync(copy);
        Assert.Equal(plain, copy.ToArray());
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "spool")));

        await blobs.Delete(address, CancellationToken.None);
        Assert.Empty(bucket);
        Assert.Null(await blobs.Open(key, address, "cases.document/1", CancellationToken.None));
    }

    [Fact]
    public async Task Put_SameBytesAgain_SendsThemOnce()
    {
        using var store = Client();
        var one = await store.Put(new MemoryStream([1, 2, 3]), CancellationToken.None);
        Assert.Equal(one, await store.Put(new MemoryStream([1, 2, 3]), CancellationToken.None));
        Assert.Single(requests, r => r.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Put_WrongSecret_IsAFaultAndNotSilence()
    {
        using var store = Client("another");
        await Assert.ThrowsAnyAsync<Amazon.S3.AmazonS3Exception>(() => store.Put(new MemoryStream([1]), CancellationToken.None));
        await Assert.ThrowsAnyAsync<Amazon.S3.AmazonS3Exception>(() => store.Get(new string('a', 64), CancellationToken.None));
        Assert.Empty(bucket);
    }
}
