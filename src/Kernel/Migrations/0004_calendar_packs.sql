-- Several governments issue calendars into one order of versions: each knows its own number for a version.
alter table calendar.version add column pack text, add column pack_version int;
update calendar.version set pack_version = version;
create unique index version_of_pack on calendar.version (pack, pack_version);
