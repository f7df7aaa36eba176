-- Keys that encrypt fields: of an institution, or of one person in it. Wrapped by a master key; a destroyed one has only
-- its place left, and nothing that it encrypted is ever read again.
create table vault.data_key (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    -- Null: the institution's own.
    person_id uuid,
    -- The newest generation encrypts; older ones decrypt until everything is encrypted anew.
    generation int not null,
    master text,
    wrapped bytea,
    created_at timestamptz not null,
    retired_at timestamptz,
    destroyed_at timestamptz,
    -- The transaction that made it: until that commits, a key may still vanish.
    made_in xid8 not null default pg_current_xact_id(),
    constraint data_key_generation_positive check (generation >= 1),
    constraint data_key_destroyed check (
        (wrapped is null) = (destroyed_at is not null) and (master is null) = (destroyed_at is not null))
);
create unique index data_key_once on vault.data_key (institution_id, coalesce(person_id, institution_id), generation);
call app.protect('vault.data_key');
create policy guests_apart on vault.data_key as restrictive
    using (app.role() <> 'guest' or person_id is null or person_id = app.user_id())
    with check (app.role() <> 'guest' or person_id is null or person_id = app.user_id());
-- What is left of a destroyed key's row is cleared away within minutes.
alter table vault.data_key set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- Whoever encrypts holds the owner's lock together with others who do; whoever changes which key is the newest, or
-- destroys one, holds it alone. So nothing is encrypted with a key that somebody is about to destroy.
create function vault.lock_of(owner uuid) returns bigint language sql stable
    return hashtextextended('vault.data_key ' || app.tenant()::text || ' ' || owner::text, 0);

-- The newest key of an owner, which stays the newest until the transaction ends. The lock comes first: the statement
-- after it sees what whoever held it before has committed.
create function vault.hold_newest(owner uuid)
    returns table (id uuid, person_id uuid, generation int, master text, wrapped bytea, made_here boolean)
    language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock_shared(vault.lock_of(owner));
    return query
        select k.id, k.person_id, k.generation, k.master, k.wrapped,
            coalesce(k.made_in = pg_current_xact_id_if_assigned(), false)
        from vault.data_key k
        where k.institution_id = app.tenant() and coalesce(k.person_id, k.institution_id) = owner
        order by k.generation desc limit 1;
end $$;
