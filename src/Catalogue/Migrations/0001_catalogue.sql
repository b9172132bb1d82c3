create table catalogue.service_version (
  code text not null,
  version int not null,
  valid_from date not null,
  valid_to date,
  yaml text not null,
  digest bytea not null,
  loaded_at timestamptz not null default now(),
  primary key (code, version)
);

create table catalogue.law_version (
  code text not null,
  version int not null,
  valid_from date not null,
  valid_to date,
  yaml text not null,
  digest bytea not null,
  loaded_at timestamptz not null default now(),
  primary key (code, version)
);

-- Nodes read the catalogue again when the number has changed.
create table catalogue.revision (
  one boolean primary key default true check (one),
  number bigint not null
);

insert into catalogue.revision (number) values (0);
