-- Who put an order into the calendar at the desk; null: it came with a pack.
alter table calendar.version add column issued_by text;
