-- What an institution sets about language models, beside what the operator's file says. Administrators see it, and the
-- program. Whatever changes is told to all processes, which read the institution anew.

create function llm.tell() returns trigger language plpgsql as $$
begin
    perform pg_notify('llm_changed', coalesce(new.institution_id, old.institution_id)::text);
    return null;
end $$;

-- How far data may travel follows from the institution itself.
create function llm.tell_of_institution() returns trigger language plpgsql as $$
begin
    perform pg_notify('llm_changed', old.id::text);
    return null;
end $$;
create trigger told_to_gateway after update or delete on platform.institution
    for each row execute function llm.tell_of_institution();

create function llm.administers() returns boolean language sql stable
    return app.role() in ('system', 'school_admin', 'super_admin');

create table llm.provider (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    name text not null,
    dialect text not null,
    base_url text not null,
    -- Whether it stands in the house.
    local boolean not null,
    -- Sealed with the institution's key; none for a provider that asks for none.
    api_key bytea,
    models text[] not null,
    -- The agreement on the processing of data that is on record with it.
    agreement text,
    created_at timestamptz not null,
    version int not null default 1,
    constraint provider_name_once unique (institution_id, name),
    constraint provider_dialect_known check (dialect in ('openai', 'anthropic', 'gemini', 'ollama'))
);
call app.protect('llm.provider');
create policy administrators on llm.provider as restrictive using (llm.administers());
create trigger told after insert or update or delete on llm.provider for each row execute function llm.tell();

create table llm.route (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    -- The name that is asked for.
    model text not null,
    -- The platform's own tasks that go this way.
    tasks text[] not null,
    -- A list of objects: provider, model, order, weight.
    targets jsonb not null,
    attempts int not null,
    cache_seconds int not null,
    -- After how long without an answer the next target is asked as well; none for not at all.
    hedge_ms int,
    created_at timestamptz not null,
    version int not null default 1,
    constraint route_model_once unique (institution_id, model)
);
call app.protect('llm.route');
create policy administrators on llm.route as restrictive using (llm.administers());
create trigger told after insert or update or delete on llm.route for each row execute function llm.tell();

create table llm.key (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    name text not null,
    -- The SHA-256 of what programs send; that itself is told once and kept nowhere.
    hash bytea not null,
    -- The last characters of it, by which people know it again.
    hint text not null,
    scopes text[] not null,
    -- The models that it may ask; empty for all.
    models text[] not null,
    requests_per_minute int,
    expires_at timestamptz,
    last_used_at timestamptz,
    -- Who made it, for as long as that is known.
    made_by uuid,
    created_at timestamptz not null,
    version int not null default 1,
    constraint key_name_once unique (institution_id, name),
    constraint key_hash_once unique (hash),
    constraint key_hash_length check (length(hash) = 32)
);
create index key_of_maker on llm.key (institution_id, made_by);
call app.protect('llm.key');
create policy administrators on llm.key as restrictive using (llm.administers() or app.role() = 'sign_in');
-- Whoever brings a key sees which institution it is of.
create policy claimed on llm.key for select using (app.fits_claim(encode(hash, 'hex')));
-- That it was used is told to nobody.
create trigger told after insert or delete
    or update of name, scopes, models, requests_per_minute, expires_at, version on llm.key
    for each row execute function llm.tell();

create table llm.budget (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    -- Whose: institution, role, user or key; and which, for all but the first.
    kind text not null,
    role text,
    user_id uuid,
    key_id uuid,
    period text not null,
    -- In picodollars.
    amount bigint not null,
    warn_percent int not null,
    -- Whether it stops calls; otherwise it only warns.
    hard boolean not null,
    created_at timestamptz not null,
    version int not null default 1,
    constraint budget_amount_range check (amount >= 0),
    constraint budget_warn_range check (warn_percent between 1 and 100),
    constraint budget_subject check (
        (kind = 'institution' and num_nonnulls(role, user_id, key_id) = 0)
        or (kind = 'role' and role is not null and num_nonnulls(user_id, key_id) = 0)
        or (kind = 'user' and user_id is not null and num_nonnulls(role, key_id) = 0)
        or (kind = 'key' and key_id is not null and num_nonnulls(role, user_id) = 0)),
    constraint budget_once unique nulls not distinct (institution_id, kind, role, user_id, key_id, period)
);
call app.protect('llm.budget');
create policy administrators on llm.budget as restrictive using (llm.administers());
create trigger told after insert or update or delete on llm.budget for each row execute function llm.tell();
