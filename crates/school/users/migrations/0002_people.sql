-- People with an account. A visitor's workspace is an account too, without a name and with the role guest.
alter table users.account
    add column email text,
    add column username text,
    add column given_name text not null default '',
    add column family_name text not null default '',
    add column locale text,
    add column level text,
    add column birth_date date,
    add column country text,
    add column password_hash text,
    add column status text not null default 'active',
    add column directory boolean not null default true,
    add column email_verified_at timestamptz,
    add column last_login_at timestamptz,
    add column deleted_at timestamptz,
    add column version int not null default 1,
    add constraint account_status_known check (status in ('active', 'waiting_for_guardian', 'disabled')),
    add constraint account_locale_known check (locale in ('en', 'es')),
    add constraint account_level_known check (level in ('primary', 'lower_secondary', 'upper_secondary', 'tertiary', 'adult')),
    add constraint account_name_length check (length(given_name) <= 100 and length(family_name) <= 100),
    add constraint account_email_small check (email = lower(email) and length(email) <= 254);
create unique index account_email on users.account (institution_id, email) where deleted_at is null;
create unique index account_username on users.account (institution_id, username) where deleted_at is null;
create index account_with_email on users.account (email) where deleted_at is null;
create index account_by_name on users.account (institution_id, family_name, given_name, id) where deleted_at is null;

-- A class that signs in with a code: pupils without an e-mail address, looked after by a teacher.
create table users.class (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    teacher_id uuid not null,
    name text not null,
    -- In capital letters, without those that look alike. It can be given out anew at any time.
    code text not null,
    created_at timestamptz not null,
    deleted_at timestamptz,
    version int not null default 1,
    constraint class_name_length check (length(name) between 1 and 100)
);
create unique index class_code on users.class (code) where deleted_at is null;
create index class_of_teacher on users.class (institution_id, teacher_id, name, id);

create table users.class_member (
    class_id uuid not null references users.class (id) on delete cascade,
    user_id uuid not null references users.account (id) on delete cascade,
    institution_id uuid not null,
    nickname text not null,
    -- What a nickname looks like (Unicode TR 39): two that look alike are one.
    skeleton text not null,
    method text not null,
    secret_hash text not null,
    primary key (class_id, user_id),
    constraint member_nickname_length check (length(nickname) between 1 and 30),
    constraint member_method_known check (method in ('pin', 'picture')),
    constraint member_nickname_once unique (class_id, skeleton)
);
create index member_user on users.class_member (user_id);

-- Who is a child's parent or legal guardian.
create table users.guardianship (
    guardian_id uuid not null references users.account (id) on delete cascade,
    child_id uuid not null references users.account (id) on delete cascade,
    institution_id uuid not null,
    created_at timestamptz not null,
    primary key (guardian_id, child_id)
);
create index guardianship_child on users.guardianship (child_id);

-- From a sign-in to its end: a family of refresh tokens, of which the newest is good.
create table users.session (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    user_id uuid not null references users.account (id) on delete cascade,
    method text not null,
    device text not null,
    address text not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    constraint session_method_known check (method in ('password', 'passkey', 'single_sign_on', 'class_code', 'link')),
    constraint session_device_length check (length(device) <= 200),
    constraint session_ends_for_a_reason check ((ended_at is null) = (end_reason is null))
);
create index session_of_user on users.session (user_id, created_at desc);
create index session_ending on users.session (institution_id, expires_at);

create table users.refresh_token (
    -- SHA-256 of the token; the token itself is kept nowhere.
    id bytea primary key,
    institution_id uuid not null,
    session_id uuid not null references users.session (id) on delete cascade,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index refresh_token_session on users.refresh_token (session_id);

-- Links that are good once: to confirm an address, to set a new password, to join by invitation.
create table users.link (
    id bytea primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    purpose text not null,
    -- Whose it is; none for an invitation.
    user_id uuid references users.account (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint link_purpose_known check (purpose in ('verify_email', 'reset_password', 'invitation', 'sign_in'))
);
create index link_user on users.link (user_id);
create index link_due on users.link (institution_id, expires_at);

create table users.invitation (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    email text not null,
    role text not null,
    given_name text not null,
    family_name text not null,
    invited_by uuid not null,
    -- The link of the newest message; none until it is written.
    link_id bytea references users.link (id) on delete set null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    constraint invitation_role_known check (role in ('student', 'parent', 'teacher', 'school_admin')),
    constraint invitation_email_small check (email = lower(email) and length(email) <= 254)
);
create unique index invitation_open on users.invitation (institution_id, email) where accepted_at is null;

-- Attempts to sign in that have not succeeded, by account and address (as a hash) and by address alone. Who is meant is
-- not known yet, so they belong to no institution.
create table users.attempt (
    key bytea not null,
    at timestamptz not null
);
create index attempt_key on users.attempt (key, at);
alter table users.attempt enable row level security;
alter table users.attempt force row level security;
create policy sign_in on users.attempt using (app.role() = 'sign_in') with check (app.role() = 'sign_in');

call app.protect('users.class');
call app.protect('users.class_member');
call app.protect('users.guardianship');
call app.protect('users.session');
call app.protect('users.refresh_token');
call app.protect('users.link');
call app.protect('users.invitation');

create function users.administers() returns boolean language sql stable
    return coalesce(app.role() in ('system', 'school_admin', 'super_admin'), false);

-- Whoever is about to sign in sees the accounts with the address that they claim, and the class with the code.
create policy claimed on users.account for select using (deleted_at is null and app.fits_claim(email));
create policy claimed on users.class for select using (deleted_at is null and app.fits_claim(code));

-- Within a tenant: oneself; a teacher the pupils of their own classes; a guardian their own children; administrators all.
drop policy guests_see_themselves on users.account;
create policy relations on users.account as restrictive for select using (
    users.administers() or app.role() = 'sign_in' or id = app.user_id()
    or (app.role() = 'teacher' and id in (
        select m.user_id from users.class_member m join users.class c on c.id = m.class_id
        where c.teacher_id = app.user_id() and c.deleted_at is null))
    or (app.role() = 'parent' and id in (select g.child_id from users.guardianship g where g.guardian_id = app.user_id())));
create policy self_inserts on users.account as restrictive for insert
    with check (users.administers() or id = app.user_id());
create policy self_updates on users.account as restrictive for update
    using (users.administers() or id = app.user_id()) with check (users.administers() or id = app.user_id());
create policy self_deletes on users.account as restrictive for delete
    using (users.administers() or id = app.user_id());

create policy own_classes on users.class as restrictive
    using (users.administers() or app.role() = 'sign_in' or teacher_id = app.user_id());
create policy own_classes on users.class_member as restrictive
    using (users.administers() or user_id = app.user_id()
           or class_id in (select c.id from users.class c where c.teacher_id = app.user_id()));
create policy own_children on users.guardianship as restrictive
    using (users.administers() or guardian_id = app.user_id() or child_id = app.user_id());
create policy own_sessions on users.session as restrictive
    using (users.administers() or user_id = app.user_id());
create policy program on users.refresh_token as restrictive using (app.role() = 'system');
create policy program on users.link as restrictive using (app.role() = 'system');
create policy administrators on users.invitation as restrictive using (users.administers());
