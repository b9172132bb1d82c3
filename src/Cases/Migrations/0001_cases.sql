create table cases."case" (
  id              uuid primary key,
  reference       text not null unique,
  type            text not null,
  service         text not null,
  service_version int not null,
  law             text,
  law_version     int,
  place           text not null,
  applicant       uuid not null,
  state           text not null,
  step            text,
  post            text,
  parent          uuid,
  layer           text,
  opened_by       text,
  filed_at        timestamptz not null,
  filed_by        text not null,
  complete_on     date,
  due_on          date,
  decided_on      date,
  outcome         text,
  missing         text[] not null default '{}',
  version         bigint not null
) with (fillfactor = 85);
create unique index case_appeal_once on cases."case" (parent, layer) where parent is not null;
create index case_applicant on cases."case" (applicant, filed_at desc);
create index case_desk on cases."case" (post, due_on, id) where state in ('open', 'query', 'stayed');

create table cases.content (case_id uuid primary key, answers bytea not null, lang text not null);

create table cases.step (
  case_id   uuid not null,
  code      text not null,
  seq       int not null,
  parallel  text,
  post      text,
  state     text not null,
  opened_on date,
  due_on    date,
  done_at   timestamptz,
  result    text,
  primary key (case_id, code)
);
create index step_desk on cases.step (post, due_on) where state = 'open';

create table cases.pause (case_id uuid not null, paused_from date not null, paused_until date, primary key (case_id, paused_from));

create table cases.note (
  case_id uuid not null,
  id      uuid not null,
  at      timestamptz not null,
  actor   text not null,
  kind    text not null,
  text    bytea not null,
  primary key (case_id, id)
);

create table cases.document (
  id       uuid primary key,
  case_id  uuid,
  draft_id uuid,
  owner    uuid not null,
  field    text not null,
  blob     text not null,
  name     bytea not null,
  type     text not null,
  size     bigint not null,
  at       timestamptz not null
);
create index document_case on cases.document (case_id);
create index document_draft on cases.document (draft_id);

create table cases.draft (
  id              uuid primary key,
  citizen         uuid not null,
  service         text not null,
  service_version int not null,
  place           text,
  lang            text not null,
  answers         bytea not null,
  operator        text,
  updated_at      timestamptz not null
);
create index draft_citizen on cases.draft (citizen, updated_at desc);

create table cases.idempotency (
  caller      text not null,
  key         text not null,
  body_digest bytea not null,
  case_id     uuid not null,
  answer      jsonb not null,
  at          timestamptz not null,
  primary key (caller, key)
);

create table cases.certificate (
  case_id   uuid primary key,
  number    text not null unique,
  token     text not null unique,
  statement text not null,
  blob      text not null,
  issued_at timestamptz not null,
  expires_on date,
  revoked_at timestamptz,
  revoked_for text
);

create table cases.saved_view (official uuid not null, name text not null, query text not null, primary key (official, name));
create table cases.attempt (what bytea not null, hour timestamptz not null, count int not null, primary key (what, hour));
