-- The paper of the past: a plan of an office, its shelves and bundles, the files in them, and what was scanned.
create table office.scan_plan (
  id        uuid primary key,
  office    text not null,
  post      text not null,
  official  uuid not null,
  name      text not null,
  lang      text not null,
  starts_on date not null,
  due_on    date not null,
  pages     int not null,
  at        timestamptz not null
);
create index scan_plan_office on office.scan_plan (office, at);

create table office.scan_bundle (
  id        uuid primary key,
  plan      uuid not null references office.scan_plan (id),
  shelf     text not null,
  number    int not null,
  team      text not null,
  target_on date not null,
  state     text not null default 'open' check (state in ('open', 'accepted', 'rejected')),
  at        timestamptz not null,
  unique (plan, number)
);

-- One file or register of a bundle. Its code is on the separator sheet.
create table office.scan_item (
  id       uuid primary key,
  bundle   uuid not null references office.scan_bundle (id),
  seq      int not null,
  code     text not null unique,
  kind     text not null check (kind in ('file', 'register')),
  number   text not null,
  title    bytea not null,
  expected int not null,
  file_id  uuid,
  unique (bundle, seq)
);

create table office.intake (
  id        uuid primary key,
  plan      uuid not null references office.scan_plan (id),
  source    text not null check (source in ('upload', 'folder')),
  official  uuid,
  digest    bytea not null,
  blob      text not null,
  type      text not null,
  size      bigint not null,
  state     text not null default 'waiting' check (state in ('waiting', 'done', 'refused')),
  fault     text,
  pages     int,
  next_page int not null default 1,
  item      uuid,
  tries     int not null default 0,
  lease     timestamptz,
  at        timestamptz not null,
  done_at   timestamptz,
  unique (plan, digest)
);
create index intake_waiting on office.intake (at) where state = 'waiting';

-- Every page of every scan, and what became of it.
create table office.intake_page (
  intake   uuid not null references office.intake (id),
  page     int not null,
  item     uuid,
  outcome  text not null check (outcome in ('kept', 'blank', 'separator', 'duplicate', 'unplaced', 'unreadable', 'rejected')),
  paper    uuid,
  digest   bytea,
  turned   int not null default 0,
  skew     real not null default 0,
  at       timestamptz not null,
  primary key (intake, page)
);
create index intake_page_item on office.intake_page (item, outcome);
create index intake_page_digest on office.intake_page (digest) where outcome = 'kept';

create table office.scan_sample (
  bundle   uuid not null references office.scan_bundle (id),
  seq      int not null,
  official uuid not null,
  papers   uuid[] not null,
  bad      uuid[],
  verdict  text check (verdict in ('accepted', 'rejected')),
  at       timestamptz not null,
  primary key (bundle, seq)
);

-- What was keyed beside the image; a register is keyed twice, by two persons.
create table office.scan_keyed (
  item     uuid not null references office.scan_item (id),
  hand     int not null check (hand in (1, 2, 3)),
  official uuid not null,
  fields   bytea not null,
  at       timestamptz not null,
  primary key (item, hand)
);
