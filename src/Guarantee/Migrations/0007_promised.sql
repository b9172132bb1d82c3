-- The day that an interim reply named: a later calendar does not count it anew.
alter table guarantee.clock add column promised_on date;
