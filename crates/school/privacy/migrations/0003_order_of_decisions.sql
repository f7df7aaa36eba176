-- Decisions in the order in which they were made, which times alone do not tell: two may be of one instant, and the clocks
-- of two replicas differ. Those of before keep the order that they were read in.
alter table privacy.consent add column number bigint;
-- The owner of the table numbers the rows of every institution.
alter table privacy.consent no force row level security;
update privacy.consent c set number = o.number
    from (select id, row_number() over (order by at, id) as number from privacy.consent) o where o.id = c.id;
alter table privacy.consent alter column number set not null;
alter table privacy.consent alter column number add generated always as identity;
select setval(pg_get_serial_sequence('privacy.consent', 'number'), max(number)) from privacy.consent
    having max(number) is not null;
alter table privacy.consent force row level security;
drop index privacy.consent_of_person;
create unique index consent_of_person on privacy.consent (institution_id, person_id, purpose, number desc);
