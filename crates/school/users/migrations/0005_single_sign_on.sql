-- Providers of single sign-on (OpenID Connect), each of one institution, configured by its administrators.
create table users.oidc_provider (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    name text not null,
    issuer text not null,
    client_id text not null,
    -- Sealed with the institution's key; none for a client that has no secret.
    client_secret bytea,
    -- Asked for beside openid, in their order.
    scopes text[] not null,
    -- What people become whom the school does not know yet; nobody where only those may come who were invited.
    new_people text not null,
    -- Whether the school has the consent of the guardians of the pupils who sign in here.
    guardians_agreed boolean not null,
    -- Whose addresses may come; all when empty.
    email_domains text[] not null,
    enabled boolean not null,
    -- Whether it stands on the page for signing in, or is reached by the institution's own link alone.
    listed boolean not null,
    created_at timestamptz not null,
    version int not null default 1,
    constraint provider_name_length check (length(name) between 1 and 60),
    constraint provider_role_known check (new_people in ('nobody', 'student', 'parent', 'teacher'))
);
create index provider_of_institution on users.oidc_provider (institution_id, name, id);
call app.protect('users.oidc_provider');
create policy administrators on users.oidc_provider as restrictive
    using (users.administers() or app.role() = 'sign_in');
-- Whoever is about to sign in sees what stands on the page when they ask for the page, what the institution has that they
-- name, or the one that they choose.
create policy claimed on users.oidc_provider for select using (
    enabled and (app.fits_claim(institution_id::text) or app.fits_claim(id::text)
                 or (listed and app.fits_claim('the page for signing in'))));

-- Sign-ins under way, for ten minutes: what the browser brings back is kept as a hash only.
create table users.oidc_flow (
    id bytea primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    provider_id uuid not null references users.oidc_provider (id) on delete cascade,
    -- The hash of the cookie of the browser that began it: no other one may end it.
    browser bytea not null,
    return_to text not null,
    keep_guest_work boolean not null,
    expires_at timestamptz not null
);
create index flow_due on users.oidc_flow (institution_id, expires_at);
create index flow_of_provider on users.oidc_flow (provider_id);
call app.protect('users.oidc_flow');
create policy program on users.oidc_flow as restrictive using (app.role() = 'system');

-- Who somebody is at a provider.
create table users.oidc_identity (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    provider_id uuid not null references users.oidc_provider (id) on delete cascade,
    -- As it was when they were linked: a provider whose issuer is changed knows nobody of before.
    issuer text not null,
    subject text not null,
    user_id uuid not null references users.account (id) on delete cascade,
    -- The address by which they were linked.
    email text not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    constraint identity_once unique (provider_id, issuer, subject)
);
create index identity_of_user on users.oidc_identity (user_id);
call app.protect('users.oidc_identity');
create policy own_identities on users.oidc_identity as restrictive
    using (users.administers() or user_id = app.user_id());
