create schema if not exists calendar;

create table calendar.version (
  version   int primary key,
  issued_on date not null,
  order_no  text not null
);

-- A row belongs to every calendar from the version that ordered it to the one before the version that withdrew it.
create table calendar.holiday (
  version           int not null references calendar.version,
  date              date not null,
  place             text not null,
  name              jsonb not null,
  name_en           text not null generated always as (name ->> 'en') stored,
  kind              text not null,
  order_no          text not null,
  status            text not null check (status in ('notified', 'estimated')),
  source            text not null,
  withdrawn_version int references calendar.version check (withdrawn_version > version),
  primary key (version, date, place, name_en)
);
