-- What must happen later, written in the transaction that made it true. Delivered at least once, then deleted.
create table platform.outbox (
    id bigint generated always as identity primary key,
    institution_id uuid not null references platform.institution (id) on delete cascade,
    actor_id uuid not null,
    topic text not null,
    payload jsonb not null,
    created_at timestamptz not null default now(),
    -- Not before this time: now at first, later after a failure.
    due_at timestamptz not null default now(),
    attempts int not null default 0,
    -- Why the last attempt failed; a row that has used up its attempts stays for people to see.
    last_error text,
    dead boolean not null default false,
    constraint outbox_topic_length check (length(topic) between 1 and 100)
);
create index outbox_due on platform.outbox (due_at, id) where not dead;
call app.protect_queue('platform.outbox');
