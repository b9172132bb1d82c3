create schema if not exists transparency;

-- The log's leaves in their permanent order; the digest is the journal entry's as it was when it was taken in.
create table transparency.leaf (
  leaf     bigint primary key,
  position bigint not null unique,
  digest   bytea not null
);

-- C2SP tlog-tiles: up to 256 hashes of 32 bytes. Level 0 holds leaf hashes; a level above holds the roots of full tiles below.
create table transparency.tile (
  level  int not null,
  number bigint not null,
  hashes bytea not null,
  primary key (level, number)
) with (fillfactor = 60);

create table transparency.checkpoint (
  size bigint primary key,
  root bytea not null,
  note text not null,
  at   timestamptz not null
);
create table transparency.tree (one bool primary key default true check (one), size bigint not null);
insert into transparency.tree (size) values (0);

-- What was published stays as it was.
create function transparency.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger leaf_append_only before update or delete on transparency.leaf for each row execute function transparency.refuse();
create trigger checkpoint_append_only before update or delete on transparency.checkpoint for each row execute function transparency.refuse();
