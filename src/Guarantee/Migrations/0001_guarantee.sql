create schema if not exists guarantee;

-- One row for every request or appeal that a law guarantees an answer to. The law, version and place are those under which it was filed.
create table guarantee.clock (
  case_id         uuid primary key,
  reference       text not null,
  service         text not null,
  service_version int not null,
  law             text not null,
  law_version     int not null,
  place           text not null,
  applicant       uuid not null,
  layer           text,
  complete_on     date,
  due_on          date,
  state           text not null check (state in ('waiting', 'open', 'paused', 'answered', 'lapsed')),
  answered_on     date,
  outcome         text,
  lapsed_at       timestamptz,
  -- The layer that opened above this case, because of lapse or rejection; null while none did.
  opened          text,
  trigger         text,
  authority       text
) with (fillfactor = 90);

-- A sweep reads this index from its lower end: it touches what has lapsed, never what is open.
create index clock_lapsing on guarantee.clock (due_on, case_id) where state = 'open';

create table guarantee.sweep (
  id          bigint generated always as identity primary key,
  on_date     date not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  looked      bigint not null default 0,
  lapsed      bigint not null default 0,
  appeals     bigint not null default 0,
  alarms      bigint not null default 0,
  -- Open clocks past their date when the sweep had finished: must be 0.
  left_over   bigint
);

create table guarantee.alarm (
  case_id    uuid not null,
  layer      text not null,
  reference  text not null,
  wanted     text,
  took       text,
  why        text not null,
  raised_at  timestamptz not null,
  primary key (case_id, layer)
);
create index alarm_latest on guarantee.alarm (raised_at desc);
