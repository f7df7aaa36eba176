-- A real piece that somebody brought: its file as it came, under which right, and what was found in it. `facts` is a
-- function of the file, kept so that a list needs not read music.
create table mashup.source (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    owner_id uuid not null,
    name text not null,
    tune int not null,
    digest bytea not null,
    content bytea not null,
    licence text not null,
    credit text not null,
    facts jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    deleted_at timestamptz,
    constraint source_name_length check (length(name) between 1 and 200),
    constraint source_size check (length(content) <= 5242880)
);
create index source_newest on mashup.source (institution_id, owner_id, created_at desc, id desc) where deleted_at is null;
create index source_due on mashup.source (expires_at) where expires_at is not null;
-- The same tune of the same file is kept once for each owner.
create unique index source_once on mashup.source (institution_id, owner_id, digest, tune) where deleted_at is null;
call app.protect('mashup.source');

-- What somebody brings is theirs alone: it is never shared, whatever is made of it.
create policy readable on mashup.source as restrictive for select
    using (owner_id = app.user_id() or app.role() = 'system');
create policy writable on mashup.source as restrictive for update
    using (owner_id = app.user_id()) with check (owner_id = app.user_id());
create policy insertable on mashup.source as restrictive for insert
    with check (owner_id = app.user_id());
create policy deletable on mashup.source as restrictive for delete
    using (owner_id = app.user_id() or app.role() = 'system');
