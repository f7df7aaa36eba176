-- Which rows a visitor reads, the policies of those rows decide: what another visitor shares is sealed with that one's
-- key. A wrapped key alone opens nothing. Visitors go on making and changing none but their own.
drop policy guests_apart on vault.data_key;
create policy guests_make_their_own on vault.data_key as restrictive for insert
    with check (app.role() <> 'guest' or person_id is null or person_id = app.user_id());
create policy guests_change_their_own on vault.data_key as restrictive for update
    using (app.role() <> 'guest' or person_id is null or person_id = app.user_id())
    with check (app.role() <> 'guest' or person_id is null or person_id = app.user_id());
create policy guests_delete_their_own on vault.data_key as restrictive for delete
    using (app.role() <> 'guest' or person_id is null or person_id = app.user_id());
