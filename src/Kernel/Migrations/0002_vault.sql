create schema if not exists vault;

-- A person's key for one retention class, wrapped by the master key named.
create table vault.subject_key (
  subject    uuid not null,
  retention  text not null,
  master     text not null,
  wrapped    bytea not null,
  created_at timestamptz not null default now(),
  primary key (subject, retention)
);

-- An erased person: no key is ever made for it again.
create table vault.tombstone (
  subject   uuid primary key,
  erased_at timestamptz not null
);
