-- Where each word stands on the picture of its page, sealed like the text: a word that was looked for is shown there.
alter table office.page add column places bytea;
