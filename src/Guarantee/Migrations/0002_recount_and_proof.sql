alter table guarantee.clock add column parent uuid, add column opened_by text, add column post text, add column queries int not null default 0;
create index clock_parent on guarantee.clock (parent, layer) where parent is not null;

-- When the law let the clock stand; paused_until is the first day that counts again.
create table guarantee.pause (
  case_id      uuid not null,
  paused_from  date not null,
  paused_until date,
  primary key (case_id, paused_from)
);

-- A due date that a later calendar moved. What has lapsed is never moved.
create table guarantee.moved (
  case_id  uuid not null,
  calendar int not null,
  due_from date not null,
  due_to   date not null,
  at       timestamptz not null,
  primary key (case_id, calendar)
);

create table guarantee.proof (
  on_date     date primary key,
  proved_at   timestamptz not null,
  running     bigint not null,
  lapsed      bigint not null,
  appeals     bigint not null,
  -- Each must be 0.
  overdue     bigint not null,
  unappealed  bigint not null,
  unfounded   bigint not null,
  unjournaled bigint not null
);
