-- What was asked and answered, where the institution keeps it. Sealed with the person's key; the id is the call's.
create table llm.transcript (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    person_id uuid not null,
    at timestamptz not null,
    prompt bytea not null,
    answer bytea not null
);
create index transcript_of_person on llm.transcript (institution_id, person_id, at);
create index transcript_by_time on llm.transcript (institution_id, at);
call app.protect('llm.transcript');
create policy own_transcripts on llm.transcript as restrictive for select
    using (app.role() in ('system', 'school_admin', 'super_admin') or person_id = app.user_id());

-- The same of programs with a key of the institution's. Sealed with the institution's key.
create table llm.program_transcript (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    at timestamptz not null,
    prompt bytea not null,
    answer bytea not null
);
create index program_transcript_by_time on llm.program_transcript (institution_id, at);
call app.protect('llm.program_transcript');
create policy transcripts_of_programs on llm.program_transcript as restrictive for select
    using (app.role() in ('system', 'school_admin', 'super_admin'));
