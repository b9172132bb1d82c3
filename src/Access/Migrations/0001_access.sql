create table access.citizen (
  id           uuid primary key,
  mobile_index bytea not null unique,
  mobile       bytea not null,
  created_at   timestamptz not null default now()
);

create table access.one_time_code (
  id            uuid primary key,
  purpose       text not null,
  mobile_index  bytea not null,
  address_index bytea not null,
  mobile        bytea not null,
  salt          bytea not null,
  hash          bytea not null,
  tries         int not null default 0,
  created_at    timestamptz not null,
  expires_at    timestamptz not null
);
create index one_time_code_mobile on access.one_time_code (mobile_index, created_at);
create index one_time_code_address on access.one_time_code (address_index, created_at);

create table access.api_key (
  id         text primary key,
  hash       bytea not null unique,
  name       text not null,
  scopes     text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

create table access.protection_key (name text primary key, xml bytea not null);
