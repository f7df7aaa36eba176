create schema jobs;

-- Work to be done, each in its institution, as whoever caused it.
create table jobs.job (
    id bigint generated always as identity primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    actor_id uuid not null,
    actor_role text not null,
    kind text not null,
    -- Two jobs of one kind with the same key are one job.
    key text,
    payload jsonb not null,
    status text not null default 'queued',
    -- Not before this time: later after a failure.
    due_at timestamptz not null,
    attempts int not null default 0,
    most_attempts int not null,
    last_error text,
    -- Who does it. A result is accepted from whoever holds the token.
    lease uuid,
    instance int,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint job_kind_length check (length(kind) between 1 and 100),
    constraint job_key_length check (length(key) between 1 and 200),
    constraint job_status_known check (status in ('queued', 'done', 'dead')),
    constraint job_most_attempts_positive check (most_attempts between 1 and 100),
    constraint job_once unique (institution_id, kind, key)
);
create index job_due on jobs.job (due_at, id) where status = 'queued';
create index job_finished on jobs.job (finished_at) where status = 'done';
call app.protect_queue('jobs.job');
-- Schedules put a job into every institution.
create policy dispatcher_puts on jobs.job for insert with check (app.is_dispatcher());

-- When each schedule is due next. It belongs to no institution; only the dispatcher reaches it.
create table jobs.schedule (
    kind text primary key,
    next_at timestamptz not null
);
alter table jobs.schedule enable row level security;
alter table jobs.schedule force row level security;
create policy dispatcher on jobs.schedule using (app.is_dispatcher()) with check (app.is_dispatcher());
