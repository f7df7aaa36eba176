create schema llm;

-- What was spent of a budget in one of its periods. The budget itself may stand in a file.
create table llm.ledger (
    institution_id uuid not null references platform.institution (id) on delete cascade,
    budget_id uuid not null,
    begins_at timestamptz not null,
    spent bigint not null default 0,
    warned_at timestamptz,
    primary key (budget_id, begins_at, institution_id),
    constraint ledger_spent_range check (spent >= 0)
);
call app.protect('llm.ledger');

-- What a process has taken of a budget and not spent yet. When the process is gone, so is what it held.
create table llm.hold (
    institution_id uuid not null references platform.institution (id) on delete cascade,
    budget_id uuid not null,
    begins_at timestamptz not null,
    instance int not null,
    amount bigint not null,
    primary key (budget_id, begins_at, instance, institution_id)
);
call app.protect('llm.hold');

-- Every call of a model, and what it cost.
create table llm.call (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    at timestamptz not null,
    person_id uuid,
    key_id uuid,
    role text,
    operation text not null,
    -- What it was for: the platform's own task, or "api" for a program's.
    feature text not null,
    -- The prompt that the platform used, with its version; none for programs, who write their own.
    prompt text,
    provider text not null,
    model text not null,
    status text not null,
    streamed boolean not null,
    cached boolean not null,
    -- Whether the tokens were counted here, because the provider did not say.
    estimated boolean not null,
    input_tokens bigint not null,
    cached_read_tokens bigint not null,
    cached_write_tokens bigint not null,
    output_tokens bigint not null,
    reasoning_tokens bigint not null,
    cost bigint not null,
    -- The prices by which it was counted; none where nobody knows a price.
    prices text,
    duration_ms int not null,
    first_byte_ms int not null
);
create index call_by_time on llm.call (institution_id, at);
call app.protect('llm.call');
-- A person sees their own calls; administrators and the program see all of the institution.
create policy own_calls on llm.call as restrictive for select
    using (app.role() in ('system', 'school_admin', 'super_admin') or person_id = app.user_id());

-- Takes part of a budget for a process, before it is spent: as much as `wanted` where there is so much, at least `needed`,
-- or nothing: then what is free comes back as a negative number, less one. The ledger's row is the lock: who takes
-- waits for who takes, so that together they never take more than there is.
create function llm.lease(
    budget uuid, begins timestamptz, holder int, total bigint, needed bigint, wanted bigint
) returns bigint language plpgsql as $$
declare
    spent_so_far bigint;
    held bigint;
    free bigint;
    granted bigint;
begin
    insert into llm.ledger (institution_id, budget_id, begins_at) values (app.tenant(), budget, begins)
    on conflict do nothing;
    select l.spent into spent_so_far from llm.ledger l where l.budget_id = budget and l.begins_at = begins for update;
    delete from llm.hold h where h.budget_id = budget and (h.begins_at < begins or not app.is_alive(h.instance));
    select coalesce(sum(h.amount), 0) into held from llm.hold h where h.budget_id = budget and h.begins_at = begins;
    free := greatest(total - spent_so_far - held, 0);
    if free < needed then
        return -1 - free;
    end if;
    granted := least(free, greatest(needed, wanted));
    insert into llm.hold (institution_id, budget_id, begins_at, instance, amount)
    values (app.tenant(), budget, begins, holder, granted)
    on conflict (budget_id, begins_at, instance, institution_id) do update set amount = llm.hold.amount + excluded.amount;
    return granted;
end $$;
