alter table office.dispatch add column case_reference text;
create index dispatch_case on office.dispatch (case_reference, at) where case_reference is not null;
create index receipt_case on office.receipt (case_reference) where case_reference is not null;
create index receipt_case_file on office.receipt (file_id) where case_reference is not null;
