-- What posts that have a file for information say to it. Signed, it is never changed.
create table office.remark (
  file_id    uuid not null,
  seq        int not null,
  after_para int not null,
  post       text not null,
  official   uuid not null,
  text       bytea not null,
  digest     bytea not null,
  at         timestamptz not null,
  primary key (file_id, seq)
);
create function office.keep_remark() returns trigger language plpgsql as $$
begin
  raise exception 'a signed remark is never changed' using errcode = 'integrity_constraint_violation';
end $$;
create trigger remark_kept before update or delete on office.remark for each row execute function office.keep_remark();

-- What one has for information stays in the list until one puts it away.
alter table office.copy add column from_post text, add column dismissed_at timestamptz;
update office.copy set dismissed_at = seen_at where seen_at is not null;
drop index office.copy_post;
create index copy_post on office.copy (post, at desc) where dismissed_at is null;
