-- A citizen's consent, given by code, that a service centre files one request for him. Its id is the draft's and the case's: a second request needs a second code.
create table cases.consent (
  id          uuid primary key,
  official    uuid not null,
  post        text not null,
  service     text not null,
  lang        text not null,
  citizen     uuid,
  sent_at     timestamptz not null,
  given_at    timestamptz,
  expires_at  timestamptz
);
create index consent_official on cases.consent (official, sent_at desc);
