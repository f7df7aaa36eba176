create schema mashup;

-- A generated piece; it has the id of the run that made it. `content` holds the piece, its material and its quality as
-- the program writes them, and depends on request and seed alone; how it was made is in `metadata`; what lists need
-- stands in columns.
create table mashup.mashup (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    owner_id uuid not null,
    -- A remix outlives the piece that it was made from.
    parent_id uuid references mashup.mashup (id) on delete set null,
    title text not null,
    shared boolean not null default false,
    version int not null default 1,
    genres text[] not null,
    key text not null,
    tempo_bpm double precision not null,
    duration_seconds double precision not null,
    request jsonb not null,
    content json not null,
    metadata jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    deleted_at timestamptz,
    constraint mashup_title_length check (length(title) between 1 and 200)
);
create index mashup_newest on mashup.mashup (institution_id, owner_id, created_at desc, id desc) where deleted_at is null;
create index mashup_due on mashup.mashup (expires_at) where expires_at is not null;
create index mashup_parent on mashup.mashup (parent_id) where parent_id is not null;
call app.protect('mashup.mashup');

-- Within the tenant: one's own, or what was shared. Nobody but the owner changes a row; the program itself may delete
-- what is due.
create policy readable on mashup.mashup as restrictive for select
    using (owner_id = app.user_id() or (shared and deleted_at is null) or app.role() = 'system');
create policy writable on mashup.mashup as restrictive for update
    using (owner_id = app.user_id()) with check (owner_id = app.user_id());
create policy insertable on mashup.mashup as restrictive for insert
    with check (owner_id = app.user_id());
create policy deletable on mashup.mashup as restrictive for delete
    using (owner_id = app.user_id() or app.role() = 'system');
