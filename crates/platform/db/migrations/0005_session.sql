-- Whether the session of a request goes on. The room that knows sessions puts its own in this place; it raises EDU01
-- when the session has ended.
create function app.session_goes_on(session uuid) returns boolean language sql stable
    return session is not null;
