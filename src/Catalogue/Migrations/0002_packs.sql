-- The pack that a law, service or subject of grievances belongs to, and the place that bounds where it is given.
create table catalogue.owner (
  kind text not null check (kind in ('law', 'service', 'grievance')),
  code text not null,
  pack text,
  within text,
  primary key (kind, code)
);
