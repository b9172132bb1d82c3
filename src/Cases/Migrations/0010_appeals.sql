-- What an applicant said to an appeal, and what its authority decided about the time at which it came. An appeal that filed itself has a row once the applicant joins it.
create table cases.appeal (
  case_id    uuid primary key,
  ground     text not null,
  file_by    date,
  late_days  int not null default 0,
  delay      text check (delay in ('condoned', 'refused')),
  joined_at  timestamptz
);

-- A clock may stand for a query and for a stay at once.
alter table cases.pause add column why text not null default 'query';
alter table cases.pause drop constraint pause_pkey, add primary key (case_id, paused_from, why);

create table cases.hearing (
  case_id   uuid not null,
  number    int not null,
  on_date   date not null,
  at_time   time not null,
  mode      text not null,
  -- Notes: where it is held; why it was adjourned, or what was heard.
  place     uuid not null,
  said      uuid,
  officer   text,
  state     text not null check (state in ('fixed', 'adjourned', 'held')),
  applicant_came text,
  officer_came   text,
  primary key (case_id, number)
);
create index hearing_officer on cases.hearing (officer, on_date) where state = 'fixed';

-- Directions are given in an appeal and carried out at the first request.
create table cases.direction (
  case_id     uuid not null,
  number      int not null,
  request     uuid not null,
  post        text not null,
  by_date     date not null,
  given_on    date not null,
  complied_on date,
  said        uuid not null,
  reply       uuid,
  primary key (case_id, number)
);
create index direction_request on cases.direction (request);
create index direction_waiting on cases.direction (post, by_date) where complied_on is null;

create table cases.stay (
  case_id    uuid not null,
  number     int not null,
  order_no   text not null,
  from_date  date not null,
  until_date date,
  was        text not null,
  pauses     boolean not null,
  said       uuid not null,
  primary key (case_id, number)
);
create unique index stay_once on cases.stay (case_id) where until_date is null;

-- A first request sent back to its officer with a date.
create table cases.remand (
  case_id uuid not null,
  appeal  uuid not null,
  layer   text not null,
  on_date date not null,
  due_on  date not null,
  primary key (case_id, appeal)
);
