-- The lists of queries/reference/*.csv whose columns are of other types than their
-- names say: the rest are made from the files (queries.store).  One row is one rule.
-- valid_from is the first day on which a row holds, valid_to the first on which it no
-- longer does; null leaves that side open.  is_verified is false for what no public
-- text confirmed: such a row is a school setting and pages say so.  is_withdrawn: no
-- code to use any more, but one that registers still have, and that is counted.  In
-- ehcp_duty_end and duty_step a step that passes a duty shows that it was done: the duty
-- falls away if no record tells how.  One that replaces a duty ends it; one that delays
-- it leaves it without a last day; one that defers it gives it another.
create type mark_kind as enum(
    'present', 'late', 'educated elsewhere', 'authorised absence',
    'unauthorised absence', 'not possible', 'closed', 'not recorded'
);
create table ref_attendance_code (
    code mark_code not null,
    label varchar not null,
    kind mark_kind not null,
    is_possible boolean not null,
    is_attended boolean not null,
    is_absent boolean not null,
    is_authorised boolean not null,
    is_late boolean not null,
    is_withdrawn boolean not null,
    half mark_half,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
create table ref_threshold (
    name varchar not null,
    value decimal(9, 4) not null,
    unit varchar not null,
    meaning varchar not null,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
create table ref_national_line (
    measure varchar not null,
    cohort varchar not null,
    academic_year varchar not null,
    phase varchar not null,
    scope varchar not null,
    rate decimal(5, 4) not null,
    children integer not null,
    source varchar not null,
    is_verified boolean not null
);
-- lower, middle and upper: as high a score as that.  published_word is the scheme's own,
-- for Help alone.
create table ref_sdq_band (
    informant sdq_informant not null,
    scale varchar not null,
    scheme varchar not null,
    band varchar not null,
    published_word varchar not null,
    lowest smallint not null,
    highest smallint not null,
    source varchar not null,
    is_verified boolean not null
);
-- A duty with a clock: `amount` of `unit` after what `clock` says, less so many weeks;
-- where is_first_day_counted the time starts with that very day, so ends a day earlier.
-- is_tracked is false for those of which no export tells, so that they are known but not
-- counted.  category: whose eyes it is for.  subject is what does it, for rules of one
-- subject that begin again with it or can be booked; applies_at are those of the child on
-- that day of which a rule holds, null for all.
create table ref_deadline (
    rule varchar not null,
    name varchar not null,
    amount integer not null,
    unit varchar not null,
    is_first_day_counted boolean not null,
    less_weeks integer not null,
    clock varchar not null,
    done_by varchar not null,
    holder varchar not null,
    category varchar not null,
    applies_to varchar not null,
    subject varchar,
    applies_at varchar,
    soon_school_days integer not null,
    is_tracked boolean not null,
    source varchar not null,
    is_verified boolean not null
);
-- Why a child needs attention: a figure of at least `threshold` within `window`.  name,
-- reason and lists are for people; a name in braces stands for a figure, one of the row's
-- own or another rule's.  advice: what to do, in
-- a line.  category: whose eyes it is for.
create table ref_look (
    rule varchar not null,
    name varchar not null,
    reason varchar not null,
    "window" integer not null,
    window_unit varchar,
    threshold integer not null,
    lists varchar not null,
    advice varchar not null,
    category varchar not null,
    is_closed_at_any_figure boolean not null,
    source varchar not null,
    is_verified boolean not null
);
-- step: in which order steps of one day come.  stage: where the child is after it, null
-- for a booking; subject: what is booked, null for the others.
create table ref_protection_event (
    code varchar not null,
    label varchar not null,
    stage varchar,
    step smallint not null,
    subject varchar,
    is_booking boolean not null,
    valid_from date,
    valid_to date,
    source varchar not null,
    is_verified boolean not null
);
