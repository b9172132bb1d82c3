-- Who decided: an authority keeps seeing what it decided.
alter table cases."case" add column decided_by text;
update cases."case" c set decided_by = e.body ->> 'post' from journal.entry e
  where c.decided_on is not null and e.stream = 'case/' || replace(c.id::text, '-', '') and e.kind = 'case.decided' and e.body ? 'post';

-- Penalties, from the notice to show cause on, and compensations, from the order on. Texts to and of officials are sealed under their own keys, those to the applicant under his.
create table cases.claim (
  id         uuid primary key,
  case_id    uuid not null,
  request    uuid not null,
  kind       text not null check (kind in ('penalty', 'compensation')),
  rule       text not null,
  section    text,
  confirmed  boolean not null,
  post       text,
  official   uuid,
  late_of    uuid,
  late_from  date,
  late_to    date,
  days       int not null default 0,
  per_day    numeric(12, 2),
  cap        numeric(12, 2),
  drafted    numeric(12, 2),
  state      text not null check (state in ('noticed', 'answered', 'imposed', 'dropped')),
  noticed_on date,
  reply_by   date,
  replied_on date,
  amount     numeric(12, 2),
  ordered_on date,
  ordered_by text,
  notice     bytea,
  reply      bytea,
  reason     bytea,
  version    bigint not null
);
create index claim_case on cases.claim (case_id);
create index claim_request on cases.claim (request);
create index claim_official on cases.claim (official) where state = 'noticed';
create unique index claim_once on cases.claim (request, rule, official, late_of) where kind = 'penalty' and state <> 'dropped';

create table cases.money (
  claim    uuid not null,
  line     int not null,
  what     text not null check (what in ('demand', 'received', 'awarded', 'paid', 'counter')),
  amount   numeric(12, 2) not null check (amount <> 0),
  voucher  text,
  on_date  date not null,
  counters int,
  at       timestamptz not null,
  by       text not null,
  primary key (claim, line)
);
create unique index money_countered on cases.money (claim, counters) where counters is not null;

create function cases.money_stays() returns trigger language plpgsql as $$ begin raise exception 'the ledger is only appended to'; end $$;
create trigger money_stays before update or delete on cases.money for each row execute function cases.money_stays();
