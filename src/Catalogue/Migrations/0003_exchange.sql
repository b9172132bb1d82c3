-- Keys of other governments whose packs may be taken in, by the SHA-256 of the public key.
create table catalogue.trusted_key (
  fingerprint text primary key,
  name text not null,
  added_at timestamptz not null,
  added_by text not null
);

-- Packs that came from elsewhere. The file stays as it came; who decided, what was put in the place of what, and from which day.
create table catalogue.incoming (
  id uuid primary key,
  digest bytea not null unique,
  file bytea not null,
  origin text not null,
  fingerprint text not null,
  received_at timestamptz not null,
  received_by text not null,
  receiver uuid,
  state text not null check (state in ('waiting', 'accepted', 'refused')),
  government text,
  effective_on date,
  mapping jsonb,
  decided_at timestamptz,
  decided_by text
);
