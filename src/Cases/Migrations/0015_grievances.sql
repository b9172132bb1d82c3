-- What a grievance has beside a case. The place of what happened is kept to about a hundred metres; the sketch of its text finds likenesses and gives no word away.
create table cases.grievance (
  case_id   uuid primary key,
  subject   text not null,
  place     text not null,
  lat       double precision,
  lon       double precision,
  sketch    int[] not null default '{}',
  -- Keyed hash of the secret code with which an anonymous grievance is followed.
  follow    bytea,
  filed_on  date not null
);
create index grievance_alike on cases.grievance (subject, place, filed_on desc);

alter table cases."case"
  -- The grievance whose answer this one waits for.
  add column head        uuid,
  add column transfers   int not null default 0,
  -- The date that an interim reply named: a later calendar does not move it.
  add column promised_on date;
create index case_joined on cases."case" (head) where head is not null;
