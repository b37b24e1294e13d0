-- The code lists and rules of queries/reference/*.csv, a table each: one row is one
-- rule.  valid_from is the first day on which a row holds, valid_to the first on which
-- it no longer does; null leaves that side open.  is_verified is false for what no
-- public text confirmed: such a row is a school setting and pages say so.
create table ref_attendance_code (
    code varchar not null,
    label varchar not null,
    kind mark_kind not null,
    is_possible boolean not null,
    is_attended boolean not null,
    is_absent boolean not null,
    is_authorised boolean not null,
    is_late boolean not null,
    half half_day,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
create table ref_threshold (
    name varchar not null,
    value decimal(9, 4) not null,
    unit varchar not null,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
create table ref_legal_status (
    code varchar not null,
    label varchar not null,
    is_short_break boolean not null,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
create table ref_home_kind (
    code varchar not null,
    label varchar not null,
    ssda903_codes varchar not null,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
create table ref_national_line (
    measure varchar not null,
    cohort varchar not null,
    academic_year varchar not null,
    scope varchar not null,
    rate decimal(5, 4) not null,
    children integer not null,
    source varchar not null,
    is_verified boolean not null
);
