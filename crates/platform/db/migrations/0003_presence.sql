-- Whether the process that holds this sign of life still lives: its session holds an advisory lock while it does.
create function app.is_alive(instance int) returns boolean language sql stable
    return exists (
        select from pg_catalog.pg_locks l
        where l.locktype = 'advisory' and l.classid = 1701082473::oid and l.objid = instance::oid and l.objsubid = 2
          and l.granted
          and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()));
