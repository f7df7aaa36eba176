-- Nobody in the class was born after this day, as its teacher knows it by the age of the youngest: enough to tell whether a
-- parent decides for them, and nobody's date of birth. None where nobody says, which counts as under age.
alter table users.class add column born_by date;
