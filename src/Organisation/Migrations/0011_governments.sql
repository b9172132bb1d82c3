-- Whose packs are loaded: what a government calls itself, and the letters that its references begin with.
create table organisation.government (
  code  text primary key,
  mark  text not null,
  root  text,
  title jsonb not null
);
-- What was loaded before is known by its places; the next loading brings the title.
insert into organisation.government (code, mark, root, title)
select distinct on (pack) pack, upper(left(pack, 2)), p.code, p.name from organisation.place p cross join unnest(p.packs) pack where p.parent is null and p.valid_to is null order by pack, p.code;
