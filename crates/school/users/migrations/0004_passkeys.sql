-- Passkeys (WebAuthn): a public key of a device, by which a person signs in without a password.
create table users.passkey (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    user_id uuid not null references users.account (id) on delete cascade,
    -- The credential's id as the device knows it, in base64url.
    credential_id text not null unique,
    -- The public key, the counter and what else was said of it.
    credential jsonb not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    constraint passkey_name_length check (length(name) between 1 and 100)
);
create index passkey_user on users.passkey (user_id);
call app.protect('users.passkey');
create policy claimed on users.passkey for select using (app.fits_claim(credential_id));
create policy own_passkeys on users.passkey as restrictive
    using (users.administers() or app.role() = 'sign_in' or user_id = app.user_id());

-- Challenges that are open, for five minutes. Who answers one is not known yet, so they belong to no institution.
create table users.challenge (
    id uuid primary key,
    -- Who adds a passkey; none when somebody signs in.
    user_id uuid,
    state jsonb not null,
    expires_at timestamptz not null
);
alter table users.challenge enable row level security;
alter table users.challenge force row level security;
create policy sign_in on users.challenge using (app.role() = 'sign_in') with check (app.role() = 'sign_in');
