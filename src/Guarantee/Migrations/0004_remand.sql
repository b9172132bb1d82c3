-- Why a clock stands: both a query and a stay may begin on one day, and end apart.
alter table guarantee.pause add column why text not null default 'query';
alter table guarantee.pause drop constraint pause_pkey, add primary key (case_id, paused_from, why);

-- A request that an authority sent back to its officer: the date is ordered, not counted, and what comes next is the layer above that authority.
alter table guarantee.clock add column remanded_by text;

-- What the clock had come to before the request was sent back.
create table guarantee.earlier (
  case_id     uuid not null,
  ended       int not null,
  due_on      date,
  state       text not null,
  answered_on date,
  outcome     text,
  lapsed_at   timestamptz,
  opened      text,
  trigger     text,
  authority   text,
  primary key (case_id, ended)
);
