-- Whoever signs in by a provider sees which one it is. Only administrators change providers, as before.
drop policy administrators on users.oidc_provider;
create policy seen_by on users.oidc_provider as restrictive for select
    using (users.administers() or app.role() = 'sign_in'
           or id in (select i.provider_id from users.oidc_identity i where i.user_id = app.user_id()));
create policy made_by on users.oidc_provider as restrictive for insert with check (users.administers());
create policy changed_by on users.oidc_provider as restrictive for update using (users.administers());
create policy removed_by on users.oidc_provider as restrictive for delete using (users.administers());
