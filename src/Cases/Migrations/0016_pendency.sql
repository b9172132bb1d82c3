create index grievance_latest on cases.grievance (filed_on desc, case_id);
-- Open grievances by post, for the lists of those above.
create index grievance_open on cases."case" (post) where type = 'grievance' and state in ('open', 'query', 'stayed');
