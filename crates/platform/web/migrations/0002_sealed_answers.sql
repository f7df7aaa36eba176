-- Answers are sealed with the key of whoever got them. A sealed value is bound to its row by an id.
alter table web.idempotency add column id uuid not null default gen_random_uuid();
create unique index idempotency_id on web.idempotency (id);
