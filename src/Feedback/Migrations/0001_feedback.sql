-- One rating asked for: of a case, or of a matter of another department's system.
create table feedback.assessment (
  id          uuid primary key,
  case_id     uuid unique,
  system      text,
  idem_key    text,
  idem_digest bytea,
  person      uuid not null,
  contact     bytea not null,
  reference   text not null,
  service     text not null,
  place       text not null,
  office      text,
  ended_on    date not null,
  lang        text not null,
  token       bytea not null unique,
  content     bytea,
  state       text not null default 'open' check (state in ('open', 'rated', 'disowned')),
  opened_at   timestamptz not null,
  expires_at  timestamptz not null,
  asked_at    timestamptz,
  -- What is sent next and when: 0 the request, 1 the reminder, 3 the thanks for an answer by keypad.
  stage       smallint not null default 0,
  next_at     timestamptz,
  sent        boolean not null default false,
  delivered   boolean not null default false,
  failed      text,
  rated_at    timestamptz,
  way         text,
  score       text,
  yes         text[] not null default '{}',
  no          text[] not null default '{}',
  comment     bytea,
  unique (system, idem_key)
) with (fillfactor = 80);
create index assessment_next on feedback.assessment (next_at) where next_at is not null;
create index assessment_contact on feedback.assessment (contact, opened_at desc);
create index assessment_office on feedback.assessment (office, rated_at desc, id desc) where state = 'rated';

-- Counters by month of the matter's end. Dimensions: all, service, district, department, office.
create table feedback.tally (
  dimension text not null,
  code      text not null,
  month     date not null,
  sent      bigint not null default 0,
  delivered bigint not null default 0,
  answered  bigint not null default 0,
  good      bigint not null default 0,
  average   bigint not null default 0,
  bad       bigint not null default 0,
  primary key (dimension, code, month)
) with (fillfactor = 50);
create table feedback.question_tally (
  dimension text not null,
  code      text not null,
  month     date not null,
  question  text not null,
  yes       bigint not null default 0,
  no        bigint not null default 0,
  primary key (dimension, code, month, question)
) with (fillfactor = 50);

create table feedback.question_file (one boolean primary key default true check (one), body jsonb not null);

-- How often an address tried something in an hour; addresses as keyed hashes only.
create table feedback.attempt (what bytea not null, hour timestamptz not null, count int not null, primary key (what, hour));
