-- The system that sent a paper over the API; only it may name the paper in a request. Null for papers of drafts.
alter table cases.document add column uploaded_by text;
create index document_loose on cases.document (at) where case_id is null;
