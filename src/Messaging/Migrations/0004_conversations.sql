-- Flows as they were published; version 0 is what all have in common.
create table messaging.flow (key text, version int, body text not null, digest bytea not null, at timestamptz not null default now(), primary key (key, version));

-- One row for each address on each channel; its lock is the contact's lock. Content is sealed under the key of the day it was last written.
create table messaging.conversation (
  id            uuid primary key,
  channel       text not null,
  contact       bytea not null,
  content       bytea,
  sealed_on     date,
  state         text not null default 'flow' check (state in ('flow', 'waiting', 'person')),
  lang          text not null default 'en',
  official      uuid,
  post          text,
  called_at     timestamptz,
  heard_at      timestamptz,
  due_at        timestamptz,
  updated_at    timestamptz not null default now()
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
create index conversation_due on messaging.conversation (due_at) where due_at is not null;
create index conversation_for_person on messaging.conversation (state, called_at) where state <> 'flow';

-- What people wrote and no conversation has taken yet, in the order in which it came.
create table messaging.inbox (
  conversation uuid,
  id           uuid,
  tries        smallint not null default 0,
  primary key (conversation, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- What was said, one row for each turn, sealed under the key of its day.
create table messaging.line (
  position     bigint generated always as identity primary key,
  conversation uuid not null,
  said         uuid,
  at           timestamptz not null,
  content      bytea not null
);
create index line_of_conversation on messaging.line (conversation, position);
