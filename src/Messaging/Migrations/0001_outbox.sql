create table messaging.outbox (
  id        uuid primary key,
  reference text not null,
  template  text not null,
  class     text not null,
  lang      text not null,
  content   bytea not null,
  at        timestamptz not null,
  unique (reference, template)
);
create index outbox_at on messaging.outbox (at desc);
