create schema workflow;

-- One run of a graph. Every row of this schema carries the tenant and the subject (whose data it is), so that retention
-- and erasure reach it.
create table workflow.run (
    id uuid primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    -- Whose data it holds: a person, or a guest's workspace.
    subject uuid not null,
    -- As whom the run acts.
    actor_id uuid not null,
    actor_role text not null,
    graph text not null,
    version int not null,
    input jsonb not null,
    status text not null default 'running',
    -- The node that comes next, and the number that its output will have.
    next_node text not null,
    next_step int not null default 1,
    -- The number of the last event.
    events int not null default 0,
    -- The question that is open, and the answer that the next node takes.
    question_id uuid,
    question jsonb,
    answer jsonb,
    error jsonb,
    -- Who works on it. Every write names the token; whoever has lost it can write no more.
    lease uuid,
    instance int,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    finished_at timestamptz,
    constraint run_status_known check (status in ('running', 'waiting', 'done', 'failed', 'cancelled')),
    constraint run_waits_for_a_question check ((status = 'waiting') = (question_id is not null)),
    constraint run_ends_once check ((finished_at is not null) = (status in ('done', 'failed', 'cancelled')))
);
create index run_unfinished on workflow.run (updated_at) where status = 'running';
create index run_subject on workflow.run (institution_id, subject);
create index run_finished on workflow.run (finished_at) where finished_at is not null;

-- What a node gave, once: this is the checkpoint.
create table workflow.step (
    run_id uuid not null references workflow.run (id) on delete cascade,
    number int not null,
    institution_id uuid not null,
    subject uuid not null,
    actor_id uuid not null,
    node text not null,
    edge text not null,
    -- Absent when the node failed or only asked.
    output jsonb,
    note jsonb,
    attempts int not null,
    started_at timestamptz not null,
    took_us bigint not null,
    primary key (run_id, number)
);

-- What an outward act inside a node gave, kept before it is used: a second attempt finds it here.
create table workflow.effect (
    run_id uuid not null references workflow.run (id) on delete cascade,
    step int not null,
    name text not null,
    institution_id uuid not null,
    subject uuid not null,
    actor_id uuid not null,
    value jsonb not null,
    constraint effect_once primary key (run_id, step, name)
);

-- What happened, numbered from 1 without gaps, so that a reader can go on where it was.
create table workflow.event (
    run_id uuid not null references workflow.run (id) on delete cascade,
    number int not null,
    institution_id uuid not null,
    subject uuid not null,
    actor_id uuid not null,
    at timestamptz not null,
    happened jsonb not null,
    primary key (run_id, number)
);

call app.protect_queue('workflow.run');
call app.protect('workflow.step');
call app.protect('workflow.effect');
call app.protect('workflow.event');

-- Guests are apart from one another.
create policy guests_apart on workflow.run as restrictive
    using (coalesce(app.role(), '') <> 'guest' or actor_id = app.user_id());
create policy guests_apart on workflow.step as restrictive
    using (coalesce(app.role(), '') <> 'guest' or actor_id = app.user_id());
create policy guests_apart on workflow.effect as restrictive
    using (coalesce(app.role(), '') <> 'guest' or actor_id = app.user_id());
create policy guests_apart on workflow.event as restrictive
    using (coalesce(app.role(), '') <> 'guest' or actor_id = app.user_id());
