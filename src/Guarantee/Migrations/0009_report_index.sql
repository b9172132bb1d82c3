-- The report asks for the answers of a window, however many came before.
create index clock_answered on guarantee.clock (answered_on) where layer is null and post is not null;
