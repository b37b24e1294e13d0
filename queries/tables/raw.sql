-- What intake writes, from the registry (intake.contract.generate): checked,
-- pseudonymised and otherwise as it came. Every row says which school, file and load it
-- is from. pupil_key is an integer that lives as long as one store version; outside the
-- store a child is a pupil_id or a handle. No column may hold a name, a date of birth,
-- an address or a UPN.
create table raw_load (
    load_id integer not null,
    loaded_at timestamp not null,
    data_until date not null,
    lac_version varchar not null
);
create table raw_source (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    file_name varchar not null,
    sender varchar not null,
    sha256 varchar not null,
    is_refused boolean not null,
    problem_count integer not null,
    rows_read integer not null,
    rows_kept integer not null,
    rows_out_of_scope integer not null,
    blank_marks integer not null,
    first_date date,
    last_date date
);
create table raw_school (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    school_id varchar not null,
    school_name varchar not null,
    phase varchar not null
);
create table raw_calendar_day (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    calendar_date date not null,
    kind calendar_day_kind not null
);
create table raw_pupil (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    pupil_id varchar not null,
    handle varchar not null,
    is_on_newest_roll boolean not null
);
create table raw_enrolment (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    sex enrolment_sex not null,
    year_group smallint not null,
    entry_date date not null,
    leaving_date date,
    year_group_date date not null
);
create table raw_care_episode (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    status care_episode_status not null,
    start_date date,
    known_since date,
    end_date date,
    authority varchar,
    legal_status varchar,
    home varchar,
    check (start_date is not null or known_since is not null)
);
create table raw_mark (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    session_date date not null,
    half mark_half not null,
    code mark_code not null
);
create table raw_school_week (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    week_start date not null,
    possible_sessions integer not null,
    authorised_absent_sessions integer not null,
    unauthorised_absent_sessions integer not null,
    school_days integer not null
);
create table raw_sdq (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    sdq_date date not null,
    informant sdq_informant not null,
    total smallint,
    emotional smallint,
    conduct smallint,
    hyperactivity smallint,
    peer smallint,
    prosocial smallint,
    impact smallint,
    reason varchar,
    check (total is not null or reason is not null)
);
-- age_band is the child's on that day: an interval that depends on age is read from the
-- event's own row, and no date of birth is needed here.
create table raw_health (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    kind health_kind not null,
    health_date date not null,
    outcome health_outcome not null,
    next_due date,
    reason varchar,
    age_band age_band not null
);
create table raw_ehcp (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    ehcp_date date not null,
    event varchar not null,
    primary_need varchar
);
create table raw_pep (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    pep_date date not null,
    outcome pep_outcome not null,
    quality varchar,
    child_attended boolean,
    targets_set smallint
);
create table raw_suspension (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    suspension_date date not null,
    category varchar not null,
    sessions smallint not null,
    reason varchar
);
-- Once for each rule that listed the child then, with the figure that it showed; rule
-- and figure are null where none did.
create table raw_action (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    action_id varchar not null,
    action_date date not null,
    kind varchar not null,
    line varchar not null,
    rule varchar,
    figure integer
);
-- Children left out of everything but what the safeguarding lead sees. A row while it
-- is in force.
create table raw_restriction (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    since_date date not null
);
-- Children left out of what does not serve their own support. A row while it is in
-- force.
create table raw_objection (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    since_date date not null
);
-- Faults of rows that were left out of a file, until a later one speaks for them:
-- column_name is null where the whole row cannot be read; the two dates are the row's
-- own, or the first and last of its file where it tells none; pupil_key is null where
-- nobody can tell whose it is, or for a child of no group.
create table raw_left_out (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer,
    row_number integer not null,
    column_name varchar,
    fault varchar not null,
    first_date date,
    last_date date
);
