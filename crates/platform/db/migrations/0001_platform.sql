-- Who acts, as the transaction says. After a transaction the settings read back as empty strings, hence nullif.
create schema app;

create function app.tenant() returns uuid language sql stable
    return nullif(current_setting('app.tenant', true), '')::uuid;
create function app.user_id() returns uuid language sql stable
    return nullif(current_setting('app.user', true), '')::uuid;
create function app.role() returns text language sql stable
    return nullif(current_setting('app.role', true), '');
-- The part of the program that looks for work in all institutions: it sees queues and nothing else.
create function app.is_dispatcher() returns boolean language sql stable
    return coalesce(current_setting('app.role', true) = 'dispatcher', false);

-- What every table of a tenant gets: its rows belong to the institution in the column, and to nobody else.
create procedure app.protect(target regclass, tenant_column name default 'institution_id') language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy tenant on %s using (%I = app.tenant()) with check (%I = app.tenant())',
                   target, tenant_column, tenant_column);
end $$;

-- What a queue gets besides: the dispatcher may look through it and take from it, but not put anything in.
create procedure app.protect_queue(target regclass) language plpgsql as $$
begin
    call app.protect(target);
    execute format('create policy dispatcher_reads on %s for select using (app.is_dispatcher())', target);
    execute format('create policy dispatcher_takes on %s for update using (app.is_dispatcher()) with check (app.is_dispatcher())', target);
    execute format('create policy dispatcher_clears on %s for delete using (app.is_dispatcher())', target);
end $$;

-- The program's role may work with every table that the owner makes, and owns none.
do $$
declare runtime constant text := coalesce(nullif(current_setting('app.runtime_role', true), ''), 'eduai_app');
begin
    execute format('grant usage on schema app to %I', runtime);
    execute format('alter default privileges grant usage on schemas to %I', runtime);
    execute format('alter default privileges grant select, insert, update, delete on tables to %I', runtime);
    execute format('alter default privileges grant usage, select on sequences to %I', runtime);
end $$;

create schema platform;

-- What has been applied. Only the owner reads and writes it; it belongs to no institution.
create table platform.migration (
    module text not null,
    version bigint not null,
    description text not null,
    checksum bytea not null,
    applied_at timestamptz not null default now(),
    primary key (module, version)
);
alter table platform.migration enable row level security;
alter table platform.migration force row level security;
do $$
begin
    execute format('create policy owner on platform.migration to %I using (true) with check (true)', current_user);
end $$;

create table platform.institution (
    id uuid primary key,
    name text not null,
    kind text not null,
    privacy text not null,
    created_at timestamptz not null default now(),
    constraint institution_name_length check (length(name) between 1 and 200),
    constraint institution_kind_known check (kind in ('k12', 'higher_ed', 'professional')),
    constraint institution_privacy_known check (privacy in ('strict', 'standard', 'relaxed'))
);
call app.protect('platform.institution', 'id');
create policy dispatcher_reads on platform.institution for select using (app.is_dispatcher());

-- Where guests work.
select set_config('app.tenant', '01900000-0000-7000-8000-000000000001', true);
insert into platform.institution (id, name, kind, privacy)
values ('01900000-0000-7000-8000-000000000001', 'Demonstration school', 'k12', 'strict');
select set_config('app.tenant', '', true);
