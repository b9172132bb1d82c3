-- Offices and posts that came in by onboarding are not ended when a data pack does not name them.
alter table organisation.office add column origin text not null default 'pack';
alter table organisation.post add column origin text not null default 'pack';

-- What has come on board: an office, a post, a user, a mail id, a VPN account; each in its phase. A person may have several mail ids.
create table organisation.onboarding (
  kind        text not null check (kind in ('office', 'post', 'user', 'mail', 'vpn')),
  key         text not null,
  phase       int not null,
  place       text not null,
  office      text,
  post        text,
  employee    text,
  official    uuid,
  name_key    bytea,
  training    text not null default 'none' check (training in ('none', 'planned', 'done')),
  trained_on  date,
  invited_at  timestamptz,
  ended_on    date,
  digest      bytea not null,
  imported_at timestamptz not null,
  primary key (kind, key)
);
create index onboarding_place on organisation.onboarding (kind, place);
create index onboarding_official on organisation.onboarding (official) where official is not null;
create index onboarding_name on organisation.onboarding (name_key, office) where kind = 'user' and ended_on is null;

-- What was published and what was to be reached. The target follows from count and percentage where only these are known.
create table organisation.onboarding_target (
  measure   text not null check (measure in ('user', 'office', 'post', 'mail', 'vpn')),
  place     text not null,
  published int,
  percent   numeric(5, 2),
  target    int,
  as_of     date,
  source    text not null,
  primary key (measure, place)
);

-- First steps, followed from the journal. The subject is an official's id or an office's code.
create table organisation.onboarding_first (
  subject      text primary key,
  signed_in_at timestamptz,
  moved_at     timestamptz
);

-- Employees of one name in one office who were looked at and are two persons.
create table organisation.onboarding_apart (one text, other text, primary key (one, other), check (one < other));
