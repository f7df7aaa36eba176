-- What a run was asked, was given and gave is sealed with its subject's key; what stood here before is read as it is until
-- it is sealed too. A sealed value is bound to its row: every row has an id of its own.
alter table workflow.run
    alter column input type bytea using convert_to(input::text, 'UTF8'),
    alter column question type bytea using convert_to(question::text, 'UTF8'),
    alter column answer type bytea using convert_to(answer::text, 'UTF8'),
    alter column error type bytea using convert_to(error::text, 'UTF8');
alter table workflow.step
    add column id uuid not null default gen_random_uuid(),
    alter column output type bytea using convert_to(output::text, 'UTF8'),
    alter column note type bytea using convert_to(note::text, 'UTF8');
alter table workflow.effect
    add column id uuid not null default gen_random_uuid(),
    alter column value type bytea using convert_to(value::text, 'UTF8');
alter table workflow.event
    add column id uuid not null default gen_random_uuid(),
    alter column happened type bytea using convert_to(happened::text, 'UTF8');
alter table workflow.step alter column id drop default;
alter table workflow.effect alter column id drop default;
alter table workflow.event alter column id drop default;
create unique index step_id on workflow.step (id);
create unique index effect_id on workflow.effect (id);
create unique index event_id on workflow.event (id);
-- Sealed bytes cannot be made smaller: nobody need try.
alter table workflow.run alter column input set storage external, alter column question set storage external,
    alter column answer set storage external, alter column error set storage external;
alter table workflow.step alter column output set storage external, alter column note set storage external;
alter table workflow.effect alter column value set storage external;
alter table workflow.event alter column happened set storage external;
