-- Papers that wait for the signature of an eSign provider: printed and sealed, with the place for it.
create table office.esign (
  txn      text primary key,
  draft_id uuid not null,
  version  int not null,
  official uuid not null,
  number   text not null,
  gap      int not null,
  length   int not null,
  pdf      bytea not null,
  at       timestamptz not null,
  ended    text
);
create index esign_draft on office.esign (draft_id);
