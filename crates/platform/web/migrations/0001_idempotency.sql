create schema web;

-- The first answer to each request that carried an Idempotency-Key, kept for a day.
create table web.idempotency (
    institution_id uuid not null references platform.institution (id) on delete cascade,
    user_id uuid not null,
    key text not null,
    -- SHA-256 of method, address and body: another request under the same key is refused.
    fingerprint bytea not null,
    begun_at timestamptz not null,
    -- The answer, once there is one.
    status smallint,
    headers jsonb,
    body bytea,
    primary key (institution_id, user_id, key),
    constraint idempotency_key_length check (length(key) between 1 and 255),
    constraint idempotency_answer_whole check ((status is null) = (body is null) and (status is null) = (headers is null))
);
create index idempotency_age on web.idempotency (institution_id, begun_at);

call app.protect('web.idempotency');
create policy only_ones_own on web.idempotency as restrictive
    using (app.role() = 'system' or user_id = app.user_id())
    with check (app.role() = 'system' or user_id = app.user_id());
