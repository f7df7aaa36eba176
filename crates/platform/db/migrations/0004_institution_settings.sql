-- What an institution's administrator has set; what is not set follows from the kind.
alter table platform.institution
    add column country text not null default 'ES',
    add column locale text not null default 'en',
    add column settings jsonb not null default '{}',
    add column version int not null default 1,
    add column updated_at timestamptz not null default now(),
    add constraint institution_country_is_iso check (country ~ '^[A-Z]{2}$'),
    add constraint institution_locale_known check (locale in ('en', 'es'));

-- The demonstration school lets visitors in and anybody register. Nothing else about it is special.
select set_config('app.tenant', '01900000-0000-7000-8000-000000000001', true);
update platform.institution set settings = '{"visitors": true, "open_registration": true}'
where id = '01900000-0000-7000-8000-000000000001';
select set_config('app.tenant', '', true);

-- What somebody who has not signed in yet claims, as a SHA-256 in hexadecimal: an e-mail address, a class's code. The
-- role sign_in sees the rows that fit the claim and no others.
create function app.claim() returns text language sql stable
    return nullif(current_setting('app.claim', true), '');
create function app.fits_claim(value text) returns boolean language sql stable
    return coalesce(current_setting('app.role', true) = 'sign_in'
        and encode(sha256(convert_to(value, 'UTF8')), 'hex') = nullif(current_setting('app.claim', true), ''), false);

-- Whoever is about to sign in sees which institutions there are.
create policy sign_in_reads on platform.institution for select using (app.role() = 'sign_in');
-- The administrator of the installation makes institutions, and looks after all of them.
create policy super_admin_reads on platform.institution for select using (app.role() = 'super_admin');
