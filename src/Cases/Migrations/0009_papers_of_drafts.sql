-- Most papers belong to no draft: only those that do are kept in the index.
drop index cases.document_draft;
create index document_draft on cases.document (draft_id) where draft_id is not null;
