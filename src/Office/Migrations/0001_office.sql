-- Subjects, texts and papers are sealed under a key of the file or receipt; what lies open here is numbers, posts and dates.
create table office.subject_head (
  department text not null,
  code       text not null,
  name       text not null,
  primary key (department, code)
);

create table office.serial (office text not null, what text not null, last int not null, primary key (office, what));

create table office.file (
  id             uuid primary key,
  office         text not null,
  number         text not null,
  volume         int not null default 1,
  part           int not null default 0,
  main           uuid,
  classification text not null,
  urgency        text not null,
  state          text not null,
  holder         text not null,
  put_until      date,
  retention      text,
  opened_on      date not null,
  opened_by      text not null,
  closed_on      date,
  weed_on        date,
  subject        bytea not null,
  scopes         text[] not null,
  notes          int not null default 0,
  pages          int not null default 0,
  moved_at       timestamptz not null,
  version        bigint not null,
  unique (office, number, volume, part)
) with (fillfactor = 85);
create index file_inbox on office.file (holder, moved_at desc, id) where state = 'open';
create index file_away on office.file (holder, put_until) where state = 'put-away';
create index file_weed on office.file (office, weed_on) where state in ('closed', 'recorded');
create index file_office on office.file (office, state, moved_at);

create table office.receipt (
  id              uuid primary key,
  office          text not null,
  number          text not null,
  mode            text not null,
  lang            text not null,
  classification  text not null,
  urgency         text not null,
  state           text not null,
  holder          text not null,
  received_on     date not null,
  reply_by        date,
  acknowledged_on date,
  file_id         uuid,
  from_dispatch   uuid,
  case_reference  text,
  duplicate_of    uuid,
  sender_hash     bytea,
  details         bytea not null,
  scopes          text[] not null,
  moved_at        timestamptz not null,
  version         bigint not null,
  unique (office, number)
) with (fillfactor = 85);
create index receipt_inbox on office.receipt (holder, moved_at desc, id) where state = 'open';
create index receipt_sender on office.receipt (office, sender_hash);
create index receipt_office on office.receipt (office, state, moved_at);
create unique index receipt_dispatch on office.receipt (from_dispatch) where from_dispatch is not null;

create table office.paper (
  id      uuid primary key,
  item    uuid not null,
  subject uuid not null,
  blob    text not null,
  name    bytea not null,
  type    text not null,
  size    bigint not null,
  pages   int not null,
  digest  bytea not null,
  at      timestamptz not null
);
create index paper_item on office.paper (item);
create index paper_digest on office.paper (digest);

create table office.correspondence (
  file_id    uuid not null,
  seq        int not null,
  page_from  int not null,
  page_to    int not null,
  paper      uuid not null,
  kind       text not null,
  receipt_id uuid,
  draft_id   uuid,
  at         timestamptz not null,
  primary key (file_id, seq)
);

create table office.noting (
  file_id   uuid not null,
  para      int not null,
  post      text not null,
  official  uuid not null,
  state     text not null,
  text      bytea not null,
  cites     int[] not null,
  digest    bytea,
  signed_at timestamptz,
  primary key (file_id, para)
);
create unique index noting_draft on office.noting (file_id) where state = 'draft';

create function office.keep_signed() returns trigger language plpgsql as $$
begin
  if old.state = 'signed' then raise exception 'a signed noting is never changed' using errcode = 'integrity_constraint_violation'; end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger noting_kept before update or delete on office.noting for each row execute function office.keep_signed();

create table office.movement (
  item      uuid not null,
  seq       int not null,
  kind      text not null,
  from_post text not null,
  to_post   text not null,
  way       text not null,
  official  uuid not null,
  at        timestamptz not null,
  opened_at timestamptz,
  primary key (item, seq)
);
create index movement_sent on office.movement (from_post, at desc);

create table office.copy (item uuid not null, post text not null, at timestamptz not null, seen_at timestamptz, primary key (item, post));
create index copy_post on office.copy (post, at desc) where seen_at is null;

create table office.draft (
  id          uuid primary key,
  file_id     uuid not null,
  kind        text not null,
  lang        text not null,
  state       text not null,
  versions    int not null,
  approved_by text,
  signed_by   text,
  paper       uuid,
  number      text,
  at          timestamptz not null
);
create index draft_file on office.draft (file_id, at);

create table office.draft_version (
  draft_id uuid not null,
  version  int not null,
  post     text not null,
  official uuid not null,
  at       timestamptz not null,
  text     bytea not null,
  primary key (draft_id, version)
);

create table office.dispatch (
  id          uuid primary key,
  draft_id    uuid not null,
  file_id     uuid not null,
  office      text not null,
  number      text not null,
  way         text not null,
  to_office   text,
  addressee   bytea not null,
  register    text,
  at          timestamptz not null,
  unique (office, number)
);
create index dispatch_file on office.dispatch (file_id);

-- Words of pages and notings as keyed hashes: who has the table cannot read what was written.
create table office.page (
  id      bigint generated always as identity primary key,
  item    uuid not null,
  paper   uuid,
  para    int,
  page    int not null,
  state   text not null,
  text    bytea,
  words   int[] not null default '{}',
  scopes  int[] not null default '{}',
  lang    text not null,
  tries   int not null default 0,
  fault   text,
  lease   timestamptz,
  read_at timestamptz
);
create unique index page_paper on office.page (paper, page) where paper is not null;
create index page_item on office.page (item);
create index page_waiting on office.page (id) where state = 'waiting';
create index page_words on office.page using gin (words, scopes);

create table office.weeding (
  file_id       uuid primary key,
  reason        text not null,
  first_post    text not null,
  first_by      uuid not null,
  first_at      timestamptz not null,
  second_post   text,
  second_by     uuid,
  second_at     timestamptz
);

create index file_number on office.file (number text_pattern_ops);
create index receipt_number on office.receipt (number text_pattern_ops);

-- Soft keys of officials, for offices without tokens.
create table office.signer (official uuid primary key, certificate bytea not null, key bytea not null, not_after timestamptz not null);
