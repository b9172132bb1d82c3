-- A search shows the newest hits. Each page is indexed with the spans of numbers in which it lies, so that the newest part of the table can be searched alone.
-- Word hashes leave the lowest 100,000 integers free; 20,000 of them are the marks of a width, used over again after as many spans.
create function office.findable(words int[], page bigint) returns int[] immutable parallel safe language sql as $$
  select words || array[-2147463648 + (page / 1024 % 20000)::int, -2147443648 + (page / 65536 % 20000)::int, -2147423648 + (page / 4194304 % 20000)::int]
$$;
drop index office.page_words;
-- Entries that wait in a list would be gone through by every search.
create index page_words on office.page using gin (office.findable(words, id), scopes) with (gin_pending_list_limit = 256);
