create table organisation.revision (one boolean primary key default true check (one), revision bigint not null);
insert into organisation.revision values (true, 0);

create table organisation.place (code text primary key, kind text not null, parent text, lgd_code text, name jsonb not null, valid_from date, valid_to date);
create table organisation.pin_code (pincode text primary key, district text not null, post_offices text not null);
create table organisation.department (code text primary key, name jsonb not null, source text, valid_to date);
create table organisation.designation (code text primary key, name jsonb not null, source text, valid_to date);
create table organisation.office (code text primary key, kind text not null, department text not null, place text not null, parent text, name jsonb not null, valid_to date);
create table organisation.post (code text primary key, office text not null, designation text not null, place text not null, rank int not null, valid_to date);

create table organisation.holding (
  id       uuid primary key,
  post     text not null,
  official uuid not null,
  kind     text not null check (kind in ('substantive', 'additional', 'delegated')),
  held_from date not null,
  held_until date,
  check (held_until is null or held_until > held_from)
);
create index holding_post on organisation.holding (post);
create index holding_official on organisation.holding (official);
