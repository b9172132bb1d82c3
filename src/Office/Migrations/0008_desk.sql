-- When it came to the post, where moved_at was touched since: taken up again, reopened.
alter table office.file add column came_at timestamptz;
-- What waits by urgency and by due date; each level of urgency is read by itself.
create index file_urgent on office.file (holder, urgency, moved_at desc, id) where state = 'open';
create index receipt_urgent on office.receipt (holder, urgency, moved_at desc, id) where state = 'open';
create index receipt_due on office.receipt (holder, reply_by, moved_at desc, id) where state = 'open' and reply_by is not null;

-- A draft waits where its file lies, as long as that is open.
alter table office.draft add column holder text, add column came_at timestamptz;
update office.draft d set holder = f.holder, came_at = greatest(f.moved_at, d.at) from office.file f where f.id = d.file_id and f.state = 'open' and d.state <> 'dispatched';
create index draft_waiting on office.draft (holder, came_at desc, id) where holder is not null and state <> 'dispatched';

-- Files as each official goes about with them: looked at, pinned, followed.
create table office.mark (
  official    uuid not null,
  file_id     uuid not null,
  looked_at   timestamptz,
  pinned_at   timestamptz,
  followed_at timestamptz,
  primary key (official, file_id)
);
create index mark_looked on office.mark (official, looked_at desc) where looked_at is not null;
create index mark_pinned on office.mark (official, pinned_at desc) where pinned_at is not null;
create index mark_followed on office.mark (official, followed_at desc) where followed_at is not null;

create table office.saved_view (official uuid not null, name text not null, query text not null, primary key (official, name));
