-- The types that the tables share.  ENUMs keep a mark in one byte and refuse a word
-- that no list knows.  `mark_code` and the other code lists are made from the rows of
-- queries/reference, so that a new code is a new row.
create type half_day as enum('AM', 'PM');
create type day_kind as enum('school day', 'INSET', 'holiday', 'closed');
create type pupil_sex as enum('F', 'M', 'U');
create type care_status as enum(
    'looked after', 'previously looked after', 'in need', 'on a protection plan'
);
create type mark_kind as enum(
    'present', 'late', 'educated elsewhere', 'authorised absence',
    'unauthorised absence', 'not possible', 'closed', 'not recorded'
);
