alter table organisation.pin_code add column valid_to date;
