create schema if not exists journal;

-- The last version and digest of each stream: the optimistic lock, and the link that the next entry chains to.
create table journal.stream (
  stream  text primary key,
  version bigint not null,
  digest  bytea not null
) with (fillfactor = 80);

create sequence journal.position;

-- xid orders followers: everything below the oldest running transaction is final, whatever order positions were drawn in.
create table journal.entry (
  position bigint not null default nextval('journal.position'),
  xid      xid8 not null default pg_current_xact_id(),
  stream   text not null,
  version  bigint not null,
  kind     text not null,
  at       timestamptz not null,
  actor    text not null,
  body     jsonb not null,
  digest   bytea not null
) partition by range (position);

create table journal.entry_0 partition of journal.entry for values from (minvalue) to (100000001);
create table journal.entry_1 partition of journal.entry for values from (100000001) to (maxvalue);

create index entry_order on journal.entry (xid, position);
create index entry_stream on journal.entry (stream, version);

create function journal.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger entry_append_only before update or delete on journal.entry for each row execute function journal.refuse();

create table journal.cursor (
  follower   text primary key,
  xid        xid8 not null default '0',
  position   bigint not null default 0,
  applied    bigint not null default 0,
  failed_at  timestamptz,
  failure    text
);
