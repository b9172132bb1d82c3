-- The packs that name a row; it ends when none does. Empty: loaded before packs were told apart.
alter table organisation.place add column packs text[] not null default '{}';
alter table organisation.pin_code add column packs text[] not null default '{}';
alter table organisation.department add column packs text[] not null default '{}';
alter table organisation.designation add column packs text[] not null default '{}';
alter table organisation.office add column packs text[] not null default '{}';
alter table organisation.post add column packs text[] not null default '{}';
