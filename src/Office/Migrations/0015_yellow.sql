-- An unsigned paragraph is its writer's: two who hold a post do not write over one another.
create table office.yellow (
  file_id  uuid not null,
  post     text not null,
  official uuid not null,
  para     int not null,
  text     bytea not null,
  cites    int[] not null,
  at       timestamptz not null,
  primary key (file_id, post, official)
);
insert into office.yellow select file_id, post, official, para, text, cites, now() from office.noting where state = 'draft';
delete from office.noting where state = 'draft';
drop index office.noting_draft;
