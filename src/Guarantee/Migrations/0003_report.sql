-- For the report on clocks that were played with: the same applicant asking again for the same service.
create index clock_applicant on guarantee.clock (applicant, service, complete_on);
