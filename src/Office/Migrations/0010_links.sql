-- A file is linked to another; the lesser id stands first, so that a pair is there once.
create table office.file_link (
  one      uuid not null,
  other    uuid not null,
  post     text not null,
  official uuid not null,
  at       timestamptz not null,
  primary key (one, other),
  check (one < other)
);
create index file_link_other on office.file_link (other);
create index file_main on office.file (main) where main is not null;

-- Slips between the pages of the correspondence.
create table office.flag (
  file_id  uuid not null,
  mark     text not null,
  page     int not null,
  post     text not null,
  official uuid not null,
  at       timestamptz not null,
  primary key (file_id, mark)
);
