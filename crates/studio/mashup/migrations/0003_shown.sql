-- What a page is shown of a piece and never changes, as it is sent: reading a piece is then reading these bytes. They
-- follow from `request`, `content` and `metadata`; a program that shows them differently has another number and writes
-- them anew.
alter table mashup.mashup add column shown bytea, add column shown_by bigint;
