-- Whose sender wants to know what becomes of it.
alter table messaging.message add column tell boolean not null default false;
