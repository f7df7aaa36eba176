-- A school may agree for the pupils whose accounts its teachers make, for learning there; who did is in the audit log.
alter table privacy.consent drop constraint consent_relation_known;
alter table privacy.consent add constraint consent_relation_known
    check (given_by in ('self', 'mother', 'father', 'guardian', 'institution'));
alter table privacy.consent drop constraint consent_verified_known;
alter table privacy.consent add constraint consent_verified_known
    check (verified_by in ('session', 'email_link', 'teacher'));
