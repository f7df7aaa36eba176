create schema privacy;

create function privacy.administers() returns boolean language sql stable
    return coalesce(app.role() in ('system', 'school_admin', 'super_admin'), false);

-- Every decision about a purpose; the newest one holds. Nothing is changed but the name of who gave it, which becomes
-- unreadable when the person is erased: it is sealed with their key.
create table privacy.consent (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    person_id uuid not null,
    purpose text not null,
    version int not null,
    granted boolean not null,
    -- self, or the relation of a parent or guardian; how it is known that it was they.
    given_by text not null,
    giver_name bytea,
    verified_by text not null,
    at timestamptz not null,
    constraint consent_purpose_length check (length(purpose) between 1 and 100),
    constraint consent_relation_known check (given_by in ('self', 'mother', 'father', 'guardian')),
    constraint consent_verified_known check (verified_by in ('session', 'email_link'))
);
create index consent_of_person on privacy.consent (institution_id, person_id, purpose, at desc, id desc);
call app.protect('privacy.consent');
create policy own_or_office on privacy.consent as restrictive
    using (privacy.administers() or person_id = app.user_id())
    with check (privacy.administers() or person_id = app.user_id());

-- A child whose parent or guardian was asked, and for whom they decide until the day given.
create table privacy.guardian_request (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    person_id uuid not null,
    -- Sealed with the person's key: who is asked, and the child's name that they are shown.
    email bytea not null,
    child_name bytea not null,
    language text not null,
    guarded_until date not null,
    -- SHA-256 of the token in the newest message; the token itself is kept nowhere.
    token_hash bytea,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    answered_at timestamptz,
    granted boolean,
    constraint guardian_request_language check (language in ('en', 'es')),
    constraint guardian_request_answer check ((answered_at is null) = (granted is null))
);
create index guardian_request_of_person on privacy.guardian_request (institution_id, person_id);
call app.protect('privacy.guardian_request');
create policy own_or_office on privacy.guardian_request as restrictive
    using (privacy.administers() or person_id = app.user_id());

-- What people ask about their data.
create table privacy.request (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    person_id uuid not null,
    kind text not null,
    basis text not null,
    state text not null,
    -- Sealed with the person's key.
    details bytea,
    answer bytea,
    received_at timestamptz not null,
    due_at timestamptz not null,
    decided_at timestamptz,
    decided_by uuid,
    -- What was assessed and what was done, by category and table: no personal data.
    report jsonb,
    constraint request_kind_known
        check (kind in ('access', 'portability', 'rectification', 'erasure', 'restriction', 'objection')),
    constraint request_basis_known check (basis in ('gdpr', 'ferpa_inspection')),
    constraint request_state_known check (state in ('received', 'done', 'refused')),
    constraint request_decided check ((state = 'received') = (decided_at is null))
);
create unique index request_one_open on privacy.request (institution_id, person_id, kind) where state = 'received';
create index request_queue on privacy.request (institution_id, state, due_at, id);
create index request_of_person on privacy.request (institution_id, person_id, received_at desc);
call app.protect('privacy.request');
create policy own_or_office on privacy.request as restrictive
    using (privacy.administers() or person_id = app.user_id());

-- People whose data is kept and not used: all of it, or for the purposes that they object to.
create table privacy.restriction (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    person_id uuid not null,
    request_id uuid not null references privacy.request (id) on delete cascade,
    kind text not null,
    since timestamptz not null,
    constraint restriction_kind_known check (kind in ('restriction', 'objection'))
);
create index restriction_of_person on privacy.restriction (institution_id, person_id);
call app.protect('privacy.restriction');
create policy own_or_office on privacy.restriction as restrictive
    using (privacy.administers() or person_id = app.user_id());

-- To whom outside the institution something of a person was told.
create table privacy.disclosure (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    person_id uuid not null,
    recipient text not null,
    purpose text not null,
    legal_basis text not null,
    categories text[] not null,
    disclosed_at timestamptz not null,
    recorded_by uuid not null,
    constraint disclosure_text_length check (
        length(recipient) between 1 and 200 and length(purpose) between 1 and 500 and length(legal_basis) between 1 and 200)
);
create index disclosure_newest on privacy.disclosure (institution_id, disclosed_at desc, id desc);
create index disclosure_of_person on privacy.disclosure (institution_id, person_id);
call app.protect('privacy.disclosure');
create policy own_or_office on privacy.disclosure as restrictive for select
    using (privacy.administers() or person_id = app.user_id());

-- How long an institution keeps a category, where it differs from the rule; and what the daily deletion did.
create table privacy.retention_setting (
    institution_id uuid not null references platform.institution (id) on delete cascade,
    category text not null,
    keep_days int not null,
    primary key (institution_id, category),
    constraint retention_days check (keep_days between 1 and 36500)
);
call app.protect('privacy.retention_setting');
create table privacy.retention_run (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    at timestamptz not null,
    report jsonb not null
);
create index retention_run_newest on privacy.retention_run (institution_id, at desc);
call app.protect('privacy.retention_run');
