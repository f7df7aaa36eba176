create or replace function app.session_goes_on(session uuid) returns boolean language plpgsql stable as $$
begin
    if exists (
        select from users.session s join users.account a on a.id = s.user_id
        where s.id = session and s.ended_at is null and a.status = 'active' and a.deleted_at is null) then
        return true;
    end if;
    raise exception 'the session has ended' using errcode = 'EDU01';
end $$;
