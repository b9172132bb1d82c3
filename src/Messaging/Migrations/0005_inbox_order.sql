-- The order in which messages came, also of those that came in one instant.
alter table messaging.inbox add column position bigint generated always as identity;
