-- What is shown of a file costs no more in a thick one: a page of the correspondence is found without reading the others.
create index correspondence_page on office.correspondence (file_id, page_from);
create index correspondence_paper on office.correspondence (paper);
create index correspondence_receipt on office.correspondence (receipt_id) where receipt_id is not null;
