create schema vault;

-- Keys that sign what leaves the program and comes back: access tokens, cookies, checkpoints of the audit log. They
-- belong to no institution, and only the keeper of keys reaches them, never a request and never the dispatcher.
create table vault.signing_key (
    id uuid primary key,
    purpose text not null,
    -- Which master key wraps the secret, and the wrapped secret.
    master text not null,
    wrapped bytea not null,
    created_at timestamptz not null,
    signs_from timestamptz not null,
    signs_until timestamptz not null,
    -- Null: what it signed is verified for ever.
    verifies_until timestamptz,
    constraint signing_key_purpose_length check (length(purpose) between 1 and 100),
    constraint signing_key_times check (signs_from <= signs_until and signs_until <= coalesce(verifies_until, signs_until))
);
create index signing_key_purpose on vault.signing_key (purpose, signs_from);
alter table vault.signing_key enable row level security;
alter table vault.signing_key force row level security;
create policy keeper on vault.signing_key using (app.role() = 'keeper') with check (app.role() = 'keeper');
