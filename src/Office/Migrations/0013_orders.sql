-- Weeding by an order and transfer to the archive by a list: each has a number, a day, and two hands.
create table office.record_order (
  id          uuid primary key,
  office      text not null,
  kind        text not null check (kind in ('weeding', 'transfer')),
  number      text not null,
  dated       date not null,
  state       text not null check (state in ('waiting', 'done', 'withdrawn')),
  first_post  text not null,
  first_by    uuid not null,
  first_at    timestamptz not null,
  second_post text,
  second_by   uuid,
  second_at   timestamptz,
  unique (office, number)
);
create index record_order_at on office.record_order (office, first_at desc);

-- What the printed list says of a file; its subject is read from the file as long as it can be.
create table office.record_item (
  order_id  uuid not null references office.record_order (id),
  seq       int not null,
  file_id   uuid not null,
  state     text not null default 'waiting' check (state in ('waiting', 'done', 'kept')),
  shown     text not null,
  retention text not null,
  opened_on date not null,
  closed_on date not null,
  pages     int not null,
  primary key (order_id, seq)
);
create unique index record_item_waiting on office.record_item (file_id) where state = 'waiting';

create table office.review (
  file_id  uuid not null,
  seq      int not null,
  outcome  text not null check (outcome in ('extended', 'changed', 'kept')),
  was      text not null,
  becomes  text not null,
  due      date not null,
  reason   bytea not null,
  post     text not null,
  official uuid not null,
  at       timestamptz not null,
  primary key (file_id, seq)
);

alter table office.file add column review_on date;
update office.file set review_on = coalesce(weed_on, opened_on + interval '25 years') where state in ('closed', 'recorded');
create index file_review on office.file (office, review_on) where state = 'recorded';

-- What was proposed by itself is put on an order.
delete from office.weeding where second_at is null;

create index receipt_file on office.receipt (file_id) where file_id is not null;
