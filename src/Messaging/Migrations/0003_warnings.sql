-- Who may warn of danger: such messages overtake all others.
alter table messaging.service add column may_warn boolean not null default false;
update messaging.service set may_warn = true where code = 'sahulat';
