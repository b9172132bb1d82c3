alter table access.official add column "Active" boolean not null default true, add column "FirstSignInAt" timestamptz;
create index official_inactive on access.official ("Id") where not "Active";

-- What an identity system (SCIM) or an import keeps of an account beside the account itself.
create table access.directory_entry (
  official    uuid primary key references access.official ("Id"),
  external_id text,
  resource    jsonb not null,
  version     bigint not null default 1,
  created_at  timestamptz not null,
  changed_at  timestamptz not null,
  removed_at  timestamptz
);
create index directory_entry_external on access.directory_entry (external_id) where external_id is not null;

-- A group whose name is the code of a post gives its member the post.
create table access.directory_group (
  id           uuid primary key,
  display_name text not null,
  external_id  text,
  post         text,
  version      bigint not null default 1,
  created_at   timestamptz not null,
  changed_at   timestamptz not null
);
create unique index directory_group_name on access.directory_group (lower(display_name));
create table access.directory_member (
  group_id uuid not null references access.directory_group (id) on delete cascade,
  official uuid not null references access.official ("Id"),
  primary key (group_id, official)
);
create index directory_member_official on access.directory_member (official);
