create schema if not exists insight;

-- What is counted of one request, from its journal entries alone. Its share in the counters is a function of this row.
create table insight.matter (
  case_id         uuid primary key,
  service         text not null,
  service_version int not null,
  law             text,
  law_version     int,
  place           text not null,
  department      text,
  district        text,
  office          text,
  received_on     date not null,
  complete_on     date,
  due_on          date,
  paused          bool not null default false,
  lapsed          bool not null default false,
  answered_on     date,
  outcome         text,
  appealed_on     date
) with (fillfactor = 85);
-- A holiday order moves the dates of all that share these terms.
create index matter_terms on insight.matter (service, place, complete_on, due_on) where answered_on is null;

-- One row a month for everything that has a page, and one for all together (kind and subject 'all'). late is what was not answered by its date so far: for a month that is over, for good.
create table insight.counter (
  kind       text not null,
  subject    text not null,
  month      date not null,
  received   bigint not null default 0,
  in_time    bigint not null default 0,
  late       bigint not null default 0,
  appealed   bigint not null default 0,
  -- Answers by how many days they took; position 1 is the same day, 367 is more than a year.
  days       int[] not null default '{}',
  counted_at timestamptz not null default now(),
  primary key (kind, subject, month)
) with (fillfactor = 70);
create index counter_month on insight.counter (month);

-- What the public sees of a month that is over: each count by its least and its most, the same where it is shown. No most: nobody can say.
create table insight.figure (
  kind     text not null,
  month    date not null,
  subject  text not null,
  received bigint not null,
  received_most bigint,
  in_time  bigint not null,
  in_time_most bigint,
  late     bigint not null,
  late_most bigint,
  appealed bigint not null,
  appealed_most bigint,
  days     int[] not null,
  primary key (kind, month, subject) include (received, received_most, in_time, in_time_most, late, late_most, appealed, appealed_most)
);
create index figure_subject on insight.figure (kind, subject, month);

create table insight.month (
  month        date primary key,
  published_at timestamptz not null,
  subjects     int not null,
  digest       text not null
);

create function insight.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'published figures stay as they are' using errcode = 'insufficient_privilege';
end $$;
create trigger figure_append_only before update or delete on insight.figure for each row execute function insight.refuse();
create trigger month_append_only before update or delete on insight.month for each row execute function insight.refuse();
