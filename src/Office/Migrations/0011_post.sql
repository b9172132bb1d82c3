-- What becomes of a letter after it was sent out. One that did not arrive is sent again another way: a row of its own with the same number.
alter table office.dispatch drop constraint dispatch_office_number_key;
alter table office.dispatch
  add column instead_of uuid,
  add column recipient  bytea,
  add column delivery   text check (delivery in ('waiting', 'sent', 'delivered', 'failed')),
  add column channel    text,
  add column reason     text,
  add column told_at    timestamptz,
  add column link       bytea,
  add column link_until timestamptz;
create unique index dispatch_once on office.dispatch (office, number) where instead_of is null;
create unique index dispatch_instead on office.dispatch (instead_of) where instead_of is not null;
create unique index dispatch_link on office.dispatch (link) where link is not null;
create index dispatch_draft on office.dispatch (draft_id);
create index dispatch_register on office.dispatch (office, at desc, id desc);

alter table office.receipt
  add column acknowledgement        text check (acknowledgement in ('waiting', 'sent', 'delivered', 'failed')),
  add column acknowledgement_reason text;
create index receipt_diary on office.receipt (office, received_on desc, id desc);

-- How often an address did something in an hour; addresses are keyed hashes.
create table office.attempt (what bytea not null, hour timestamptz not null, count int not null, primary key (what, hour));

-- Mails that a post was sent: each is taken in once, by its Message-ID. What was refused lies in the folder .Refused under this name.
create table office.mail (
  id      uuid primary key,
  post    text not null,
  mail    bytea not null,
  receipt uuid,
  refused text,
  name    text not null,
  at      timestamptz not null,
  check ((receipt is null) <> (refused is null))
);
create unique index mail_once on office.mail (post, mail) where receipt is not null;
create unique index mail_refused_once on office.mail (post, name) where refused is not null;
create index mail_refused on office.mail (post, at desc) where refused is not null;
