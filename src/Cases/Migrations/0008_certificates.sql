-- Nothing was ever written in the first shape. A case may have several certificates: a corrected one names the one it replaces.
alter table cases.certificate drop constraint certificate_pkey;
alter table cases.certificate add primary key (case_id, number);
alter table cases.certificate alter column statement drop not null, alter column blob drop not null, alter column issued_at drop not null;
alter table cases.certificate
  add column state        text not null default 'waiting' check (state in ('waiting', 'issued', 'erased')),
  add column lang         text not null,
  add column post         text,
  add column issued_on    date not null,
  add column digest       text,
  add column replaces     text,
  add column holder       bytea,
  add column corrections  bytea,
  add column revoked_by   text,
  add column revoked_text bytea,
  add column queued_at    timestamptz not null,
  add column due_at       timestamptz not null,
  add column wanted_at    timestamptz,
  add column tries        int not null default 0;
create unique index certificate_first on cases.certificate (case_id) where replaces is null;
create unique index certificate_next on cases.certificate (replaces) where replaces is not null;
create index certificate_waiting on cases.certificate (wanted_at, queued_at) where state = 'waiting';
create index certificate_digest on cases.certificate (digest) where digest is not null;

-- Keys that sign certificates. The private half is sealed under a key that only holders of the vault's look-up key can derive. One signs; those retired stay to be verified with.
create table cases.signing_key (
  kid        text primary key,
  public     jsonb not null,
  private    bytea not null,
  made_at    timestamptz not null,
  retired_at timestamptz
);
create unique index signing_key_current on cases.signing_key ((true)) where retired_at is null;
