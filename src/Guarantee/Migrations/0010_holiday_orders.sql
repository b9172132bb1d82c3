-- Orders about holidays that one administrator wrote at the desk, for another to put into the calendar.
create table guarantee.holiday_order (
  id          uuid primary key,
  date        date not null,
  place       text not null,
  name        jsonb not null,
  order_no    text not null,
  withdraws   boolean not null,
  proposed_by uuid not null,
  proposed_as text not null,
  proposed_at timestamptz not null,
  state       text not null default 'waiting' check (state in ('waiting', 'issued', 'dropped')),
  decided_by  uuid,
  decided_at  timestamptz,
  version     int
);
create unique index holiday_order_waiting on guarantee.holiday_order (date, place, withdraws) where state = 'waiting';
