using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Sahulat.Access.Officials;

/// <summary>An official's account. What he may do follows from the posts he holds, not from here.</summary>
internal sealed class Official : IdentityUser<Guid>
{
    public string FullName { get; set; } = "";

    /// <summary>Made by <c>demo</c>.</summary>
    public bool Synthetic { get; set; }

    /// <summary>Whether he may sign in.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>ASP.NET Core Identity's own store, schema access. Its tables come from the room's migrations like all others.</summary>
internal sealed class OfficialsDb(DbContextOptions<OfficialsDb> options) : IdentityUserContext<Official, Guid>(options)
{
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema("access");
        builder.Entity<Official>().ToTable("official");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("official_claim");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("official_login");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("official_token");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("official_passkey");
    }
}
