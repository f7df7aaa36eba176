create schema audit;

-- Who did what, on what, when, from where, why, and what came of it. Written once, never changed: the program may read
-- it, and add to it by audit.append alone.
create table audit.entry (
    -- Not deleted with the institution: what was done in it stays on record.
    institution_id uuid not null references platform.institution (id),
    -- From 1, without gaps.
    number bigint not null,
    at timestamptz not null,
    actor_id uuid not null,
    actor_role text not null,
    action text not null,
    object_kind text,
    object_id uuid,
    outcome text not null,
    reason text,
    -- Where the request came from, and its id in the program's log.
    address text,
    request_id text,
    -- JSON, kept as the very text that is hashed.
    details text not null,
    -- The hash of the entry before, and this entry's own: SHA-256 of it, of the number and of everything above.
    previous bytea not null,
    hash bytea not null,
    primary key (institution_id, number),
    constraint entry_action_length check (length(action) between 1 and 100),
    constraint entry_outcome_known check (outcome in ('done', 'refused', 'failed')),
    constraint entry_object check ((object_kind is null) = (object_id is null)),
    constraint entry_reason_length check (length(reason) <= 1000),
    constraint entry_details_size check (octet_length(details) <= 16384)
);
create index entry_of_actor on audit.entry (institution_id, actor_id, number);
create index entry_of_object on audit.entry (institution_id, object_id, number) where object_id is not null;
call app.protect('audit.entry');
create policy own_or_office on audit.entry as restrictive for select
    using (app.role() in ('school_admin', 'super_admin', 'system') or actor_id = app.user_id());

-- The last entry of each institution. Its row is the lock that makes the numbers follow one another.
create table audit.head (
    institution_id uuid primary key references platform.institution (id),
    number bigint not null,
    hash bytea not null
);
call app.protect('audit.head');

-- What the log was at some moment, signed with a key that is not in the database.
create table audit.checkpoint (
    institution_id uuid not null references platform.institution (id),
    number bigint not null,
    hash bytea not null,
    at timestamptz not null,
    key_id uuid not null,
    public_key bytea not null,
    signature bytea not null,
    primary key (institution_id, number)
);
call app.protect('audit.checkpoint');

create function audit.refuse() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is never changed' using errcode = 'insufficient_privilege';
end $$;
create trigger never_changed before update or delete on audit.entry for each row execute function audit.refuse();
create trigger never_emptied before truncate on audit.entry execute function audit.refuse();
create trigger never_changed before update or delete on audit.checkpoint for each row execute function audit.refuse();
create trigger never_emptied before truncate on audit.checkpoint execute function audit.refuse();

-- Adds an entry after the last one, which is locked until the transaction ends, and returns its number. It works as the
-- tables' owner, whom the tenant's policy binds as well.
create function audit.append(
    at timestamptz, actor_id uuid, actor_role text, action text, object_kind text, object_id uuid, outcome text,
    reason text, address text, request_id text, details text, canonical bytea
) returns bigint language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    tenant constant uuid := app.tenant();
    last audit.head;
    fresh bytea;
begin
    select * into last from audit.head h where h.institution_id = tenant for update;
    if not found then
        insert into audit.head (institution_id, number, hash) values (tenant, 0, decode(repeat('00', 32), 'hex'))
            on conflict do nothing;
        select * into strict last from audit.head h where h.institution_id = tenant for update;
    end if;
    fresh := sha256(last.hash || int8send(last.number + 1) || canonical);
    insert into audit.entry values (tenant, last.number + 1, at, actor_id, actor_role, action, object_kind, object_id,
        outcome, reason, address, request_id, details, last.hash, fresh);
    update audit.head h set number = last.number + 1, hash = fresh where h.institution_id = tenant;
    return last.number + 1;
end $$;

do $$
declare runtime constant text := coalesce(nullif(current_setting('app.runtime_role', true), ''), 'eduai_app');
begin
    execute format('revoke insert, update, delete on audit.entry, audit.head from %I', runtime);
    execute format('revoke update, delete on audit.checkpoint from %I', runtime);
end $$;
