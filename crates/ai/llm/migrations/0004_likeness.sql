-- How much another question must be like one to get its kept answer, as a cosine; none for the same question alone.
alter table llm.route add column likeness double precision
    constraint route_likeness_is_a_cosine check (likeness between 0.5 and 1);
