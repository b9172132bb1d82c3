create table messaging.service (
  id                    uuid primary key,
  code                  text not null unique,
  name                  text not null,
  trial                 boolean not null default true,
  per_minute            int not null default 3000,
  per_day               int not null default 250000,
  international_per_day int not null default 100,
  number                text,
  callback_url          text,
  callback_secret       bytea,
  created_at            timestamptz not null default now()
);
-- Sahulat's own notices.
insert into messaging.service (id, code, name, trial, per_minute, per_day, international_per_day)
values ('00000000-0000-7000-8000-00005a4855c4', 'sahulat', 'Sahulat', false, 100000000, 1000000000, 1000000);

create table messaging.key (
  id         uuid primary key,
  service    uuid not null references messaging.service,
  name       text not null,
  kind       text not null check (kind in ('live', 'team', 'test')),
  hash       bytea not null unique,
  secret     bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

-- Recipients that team keys and services on trial may write to, by blind index.
create table messaging.guest (service uuid references messaging.service, contact bytea, primary key (service, contact));

create table messaging.template (key text, version int, body jsonb not null, digest bytea not null, at timestamptz not null default now(), primary key (key, version));

create table messaging.message (
  id           uuid primary key,
  service      uuid not null,
  key_kind     text not null,
  class        text not null,
  template     text not null,
  version      int not null,
  lang         text not null,
  channels     text[] not null,
  step         smallint not null default 0,
  contact      bytea not null,
  reference    text,
  batch        uuid,
  idem_key     text,
  idem_digest  bytea,
  status       text not null,
  rank         smallint not null,
  reason       text,
  provider     text,
  provider_ref text,
  segments     smallint not null,
  simulated    boolean not null,
  content      bytea,
  created_at   timestamptz not null,
  send_after   timestamptz,
  expires_at   timestamptz not null,
  sent_at      timestamptz,
  completed_at timestamptz
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
create unique index message_once on messaging.message (service, idem_key) where idem_key is not null;
create index message_of_service on messaging.message (service, id);
create index message_of_batch on messaging.message (batch) where batch is not null;
create index message_at_provider on messaging.message (provider, provider_ref) where provider_ref is not null;

-- What is still to be handed over. A lease is a due_at in the future; only the holder of the attempt number may end it.
create table messaging.queue (
  id         uuid primary key,
  lane       smallint not null,
  channel    text not null,
  service    uuid not null,
  due_at     timestamptz not null,
  expires_at timestamptz not null,
  leased     boolean not null default false,
  attempt    int not null default 0,
  provider   text
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index queue_due on messaging.queue (channel, lane, service, due_at);

create table messaging.receipt (
  id       uuid primary key,
  provider text not null,
  at       timestamptz not null,
  body     bytea not null,
  outcome  text,
  tries    int not null default 0
);
create index receipt_waiting on messaging.receipt (at) where outcome is null;

create table messaging.incoming (
  id       uuid primary key,
  provider text not null,
  external text not null,
  service  uuid,
  channel  text not null,
  contact  bytea not null,
  content  bytea not null,
  at       timestamptz not null,
  unique (provider, external)
);
create index incoming_of_service on messaging.incoming (service, id);

-- What happened, for the feed and the webhooks of a service. Read in the order (xid, position) below the oldest running transaction, so that nothing committed late is skipped.
create table messaging.event (
  position bigint generated always as identity primary key,
  xid      xid8 not null default pg_current_xact_id(),
  service  uuid not null,
  kind     text not null,
  subject  uuid not null,
  status   text not null,
  reason   text,
  at       timestamptz not null
);
create index event_feed on messaging.event (service, xid, position);

create table messaging.callback (
  position bigint primary key,
  service  uuid not null,
  due_at   timestamptz not null,
  tries    int not null default 0,
  since    timestamptz not null,
  fault    text
);
create index callback_due on messaging.callback (due_at);

-- Counters of a minute or a day, so that limits need no history.
create table messaging.usage (service uuid, span text, n bigint not null, primary key (service, span)) with (fillfactor = 50);

create table messaging.batch (
  id          uuid primary key,
  service     uuid not null,
  key_kind    text not null,
  name        text not null,
  request     bytea not null,
  idem_key    text not null,
  idem_digest bytea not null,
  total       int not null,
  accepted    int not null default 0,
  faulty      int not null default 0,
  cancelled   int not null default 0,
  state       text not null,
  created_at  timestamptz not null,
  ended_at    timestamptz,
  unique (service, idem_key)
);
create table messaging.batch_row (
  batch   uuid references messaging.batch on delete cascade,
  row     int,
  content bytea,
  state   text not null default 'waiting',
  faults  jsonb,
  message uuid,
  primary key (batch, row)
);
create index batch_row_waiting on messaging.batch_row (batch, row) where state = 'waiting';

drop table messaging.outbox;
