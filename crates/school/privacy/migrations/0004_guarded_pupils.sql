-- Until when a parent decides further purposes for a pupil for whom the school agreed: none where nobody knows how old they
-- are, which counts as under age.
alter table privacy.consent add column guarded_until date;
alter table privacy.consent add constraint consent_guarded_by_school
    check (guarded_until is null or given_by = 'institution');
