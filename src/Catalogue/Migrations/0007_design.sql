-- Where a version came from: a pack that is loaded, or the desk. A withdrawn one never came into force.
alter table catalogue.service_version
  add column origin text not null default 'pack' check (origin in ('pack', 'desk')),
  add column withdrawn_at timestamptz;

create table catalogue.draft (
  id uuid primary key,
  code text not null,
  name jsonb not null,
  state text not null check (state in ('open', 'review', 'published', 'discarded')),
  -- The version it was begun from; null for a new service.
  base_version int,
  -- Counts saves: who saves names the one he saw.
  version int not null,
  yaml text not null,
  changed_by uuid not null,
  changed_at timestamptz not null,
  submitted_by uuid,
  submitted_at timestamptz,
  published_version int
);

create unique index draft_one_at_a_time on catalogue.draft (code) where state in ('open', 'review');
create index draft_by_code on catalogue.draft (code);

-- What was saved before, to go back to, and who had a hand in it.
create table catalogue.draft_save (
  draft uuid not null references catalogue.draft,
  version int not null,
  official uuid not null,
  at timestamptz not null,
  yaml text not null,
  primary key (draft, version)
);

-- What author and reviewer wrote to each other.
create table catalogue.draft_word (
  draft uuid not null references catalogue.draft,
  number int not null,
  kind text not null check (kind in ('submitted', 'returned', 'approved', 'taken-back')),
  official uuid not null,
  at timestamptz not null,
  words text not null,
  primary key (draft, number)
);
