-- What a person asks for, writes and is given is sealed with that person's key (see the program's list of sealed
-- columns); what stood here before is read as it is until it is sealed too. Genres, key, tempo and length say nothing of
-- anybody and stay readable, for lists.
alter table mashup.mashup drop constraint mashup_title_length;
alter table mashup.mashup
    alter column title type bytea using convert_to(title, 'UTF8'),
    alter column request type bytea using convert_to(request::text, 'UTF8'),
    alter column content type bytea using convert_to(content::text, 'UTF8'),
    alter column metadata type bytea using convert_to(metadata::text, 'UTF8'),
    -- It follows from the others and is written anew when somebody reads it.
    alter column shown type bytea using null::bytea,
    add constraint mashup_title_size check (octet_length(title) between 1 and 900);
-- Sealed bytes cannot be made smaller: nobody need try.
alter table mashup.mashup
    alter column title set storage external,
    alter column request set storage external,
    alter column content set storage external,
    alter column metadata set storage external,
    alter column shown set storage external;

-- The file and all that was found in it, its name and whom to thank. The digest finds the same file again; whoever has
-- the file can tell from it that this person has it too, and nothing else.
alter table mashup.source drop constraint source_name_length;
alter table mashup.source drop constraint source_size;
alter table mashup.source add column bytes int not null default 0;
alter table mashup.source
    alter column bytes type int using length(content),
    alter column bytes drop default,
    alter column name type bytea using convert_to(name, 'UTF8'),
    alter column credit type bytea using convert_to(credit, 'UTF8'),
    alter column facts type bytea using convert_to(facts::text, 'UTF8'),
    alter column content set storage external,
    add constraint source_name_size check (octet_length(name) between 1 and 900),
    add constraint source_size check (bytes between 0 and 5242880);
alter table mashup.source
    alter column name set storage external,
    alter column credit set storage external,
    alter column facts set storage external;

-- The program itself encrypts anew when keys change.
drop policy writable on mashup.mashup;
create policy writable on mashup.mashup as restrictive for update
    using (owner_id = app.user_id() or app.role() = 'system')
    with check (owner_id = app.user_id() or app.role() = 'system');
drop policy writable on mashup.source;
create policy writable on mashup.source as restrictive for update
    using (owner_id = app.user_id() or app.role() = 'system')
    with check (owner_id = app.user_id() or app.role() = 'system');
