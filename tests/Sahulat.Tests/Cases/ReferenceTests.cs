using FsCheck;
using FsCheck.Fluent;
using Sahulat.Cases;
using Sahulat.Contracts.Organisation;

namespace Sahulat.Tests.Cases;

public sealed class ReferenceTests
{
    private static readonly DateOnly Day = new(2026, 11, 2);

    [Fact]
    public void Shown_ThenParsed_IsTheSame_HoweverWritten()
    {
        for (var i = 0; i < 2000; i++)
        {
            var reference = Reference.New(Day, null);
            Assert.StartsWith("SA26", reference, StringComparison.Ordinal);
            foreach (var written in new[] { reference, Reference.Show(reference), Reference.Show(reference).ToLowerInvariant(), Reference.Show(reference).Replace('-', ' '), "\u2068" + Reference.Show(reference) + "\u2069", Slips(reference) })
                Assert.Equal(reference, Reference.Parse(written, out _));
        }
    }

    /// <summary>One letter changed to any other: always found.</summary>
    [Fact]
    public void SingleSlip_IsAlwaysFound() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(4, 12).Zip(Gen.Choose(0, 31)).ToArbitrary(),
        slip =>
        {
            const string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
            var reference = Reference.New(Day, null);
            var letters = reference.ToCharArray();
            letters[slip.Item1] = alphabet[slip.Item2];
            return new string(letters) == reference || Reference.Parse(new string(letters), out _) is null;
        }));

    /// <summary>Two neighbours swapped: found but for one swap in six hundred, which the standard's check lets pass.</summary>
    [Fact]
    public void Swap_IsFound_ButForAFew()
    {
        var (swaps, missed) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            var reference = Reference.New(Day, null);
            for (var at = 4; at < 12; at++)
            {
                var swapped = reference.ToCharArray();
                (swapped[at], swapped[at + 1]) = (swapped[at + 1], swapped[at]);
                if (new string(swapped) == reference) continue;
                swaps++;
                if (Reference.Parse(new string(swapped), out _) is not null) missed++;
            }
        }

        Assert.True(missed < swaps / 300, $"{missed} of {swaps}");
    }

    [Fact]
    public void BeginsWithTheGovernmentsMark_AndACertificatesNumberIsNone()
    {
        var haryana = new Government("hr", "HR", "state-6", []);
        var (reference, certificate) = (Reference.New(Day, haryana), Reference.NewCertificate(Day, haryana));
        Assert.StartsWith("HR", reference, StringComparison.Ordinal);
        Assert.StartsWith("HC", certificate, StringComparison.Ordinal);
        Assert.Equal((reference, null), (Reference.Parse(reference, out _), Reference.ParseCertificate(reference, out _)));
        Assert.Equal((null, certificate), (Reference.Parse(certificate, out _), Reference.ParseCertificate(certificate, out _)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("JK26")]
    [InlineData("JK26-0000-0000-00")]
    [InlineData("HR26-0000-0000-0")]
    [InlineData("JK26-UUUU-0000-0")]
    public void Nonsense_IsNoReference(string? written) => Assert.Null(Reference.Parse(written, out _));

    /// <summary>O for 0 and I for 1, as people read them; the check letter has both and is left alone.</summary>
    private static string Slips(string reference) => reference[..4] + reference[4..12].Replace('0', 'O').Replace('1', 'I') + reference[12..];
}
