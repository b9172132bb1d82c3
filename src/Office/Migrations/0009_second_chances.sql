-- Raw scans lie under keys of their own, which end with the files that have their pages, or some days after these were accepted.
alter table office.scan_plan add column keep_days int not null default 90 check (keep_days between 1 and 365);
alter table office.scan_bundle add column accepted_at timestamptz;
update office.scan_bundle b set accepted_at = (select max(s.at) from office.scan_sample s where s.bundle = b.id) where state = 'accepted';

-- Whose key seals: null is the plan's. A scan that was refused at the door has no bytes; one whose time is over has them no longer.
alter table office.intake add column subject uuid, add column name bytea, alter column blob drop not null;
alter table office.scan_item add column subject uuid;
create index scan_item_file on office.scan_item (file_id) where file_id is not null;
create index scan_item_plans_key on office.scan_item (id) where subject is null;
create index intake_plans_key on office.intake (id) where subject is null and blob is not null;

-- Pages that wait for a person have their picture; once placed or tried again they wait for the reader.
alter table office.intake_page drop constraint intake_page_outcome_check;
alter table office.intake_page add check (outcome in ('kept', 'blank', 'separator', 'duplicate', 'unplaced', 'unreadable', 'rejected', 'waiting'));
alter table office.intake_page add column image text, add column image_key uuid, add column perhaps uuid;
create index intake_page_lost on office.intake_page (intake, page) where outcome in ('unplaced', 'unreadable', 'waiting');
create index intake_page_perhaps on office.intake_page (intake, page) where perhaps is not null;
create index intake_page_paper on office.intake_page (paper) where paper is not null;

-- Entries of registers: line by line of a page, each keyed by two persons, settled by a third entry, corrected by further ones.
create table office.scan_entry (
  id    uuid primary key,
  item  uuid not null references office.scan_item (id),
  paper uuid not null,
  line  int not null check (line between 1 and 200),
  found bigint,
  unique (item, paper, line)
);
create table office.scan_entry_hand (
  entry    uuid not null references office.scan_entry (id),
  hand     int not null check (hand > 0),
  official uuid not null,
  fields   bytea not null,
  at       timestamptz not null,
  primary key (entry, hand)
);
