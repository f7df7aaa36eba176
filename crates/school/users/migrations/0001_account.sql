create schema users;

-- A person, or a visitor's workspace.
create table users.account (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    role text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    constraint account_role_known
        check (role in ('guest', 'student', 'parent', 'teacher', 'school_admin', 'super_admin'))
);
create index account_unused on users.account (institution_id, role, last_seen_at);

call app.protect('users.account');
-- Visitors share an institution and nothing else.
create policy guests_see_themselves on users.account as restrictive
    using (app.role() <> 'guest' or id = app.user_id())
    with check (app.role() <> 'guest' or id = app.user_id());
