-- The words of a page as they lie on its picture: a PDF page with nothing to see, sealed like the text.
alter table office.page add column layer bytea;

-- Pages of a file's correspondence, or of a receipt, as one PDF/A file.
create table office.archive (
  id        uuid primary key,
  item      uuid not null,
  page_from int not null,
  page_to   int not null,
  official  uuid not null,
  state     text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  done      int not null default 0,
  fault     text,
  blob      text,
  size      bigint,
  tries     int not null default 0,
  lease     timestamptz,
  at        timestamptz not null,
  unique (item, page_from, page_to)
);
create index archive_waiting on office.archive (at) where state = 'waiting';
