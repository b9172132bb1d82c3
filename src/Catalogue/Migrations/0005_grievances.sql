-- Subjects of grievances, dated like services. Each holds what all share beside its own text.
create table catalogue.grievance_version (
  code text not null,
  version int not null,
  valid_from date not null,
  valid_to date,
  yaml text not null,
  digest bytea not null,
  loaded_at timestamptz not null default now(),
  primary key (code, version)
);
