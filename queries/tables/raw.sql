-- What intake writes, from the registry (queries.contract.generate): checked,
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
    sen_provision enrolment_sen_provision,
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
create table raw_protection (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    protection_date date not null,
    event varchar not null,
    abuse varchar,
    referred_by varchar,
    reason varchar
);
create table raw_concern (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    concern_date date not null,
    kind varchar not null,
    level concern_level not null,
    raised_by concern_raised_by not null,
    line varchar not null,
    done concern_done,
    follow_up_date date,
    closed_date date
);
create table raw_review (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    review_date date not null,
    outcome review_outcome not null,
    took_part varchar,
    has_school_report boolean
);
create table raw_care_change (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    care_change_date date not null,
    kind care_change_kind not null,
    reason varchar
);
create table raw_missing (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    missing_date date not null,
    kind varchar not null,
    back_date date,
    interview missing_interview,
    interview_date date
);
create table raw_assessment (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    assessment_date date not null,
    subject assessment_subject not null,
    step smallint not null,
    class_step smallint
);
create table raw_test (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    test_date date not null,
    test varchar not null,
    score smallint,
    outcome varchar
);
create table raw_intervention (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    intervention_date date not null,
    kind varchar not null,
    review_date date,
    end_date date,
    helped intervention_helped
);
create table raw_premium (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    premium_date date not null,
    kind varchar not null,
    planned smallint not null,
    spent smallint,
    is_in_pep boolean
);
create table raw_provision (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    provision_date date not null,
    kind provision_kind not null,
    agreed_by provision_agreed_by not null,
    review_date date,
    end_date date
);
create table raw_words (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    words_date date not null,
    setting words_setting not null,
    line varchar not null,
    taken_out_date date
);
create table raw_substance (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    substance_date date not null,
    has_help boolean not null,
    is_help_offered boolean
);
create table raw_development (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    development_date date not null,
    outcome development_outcome not null
);
create table raw_permanence (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    permanence_date date not null,
    event varchar not null,
    reason varchar
);
create table raw_offending (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    offending_date date not null,
    kind offending_kind not null
);
create table raw_care_leaver (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    care_leaver_date date not null,
    in_touch varchar not null,
    activity varchar,
    accommodation varchar
);
create table raw_choice (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    choice_date date not null,
    item varchar not null,
    given_by choice_given_by not null,
    taken_back_date date
);
-- Once for each rule that listed the child then, with the figure that it showed; rule
-- and figure are null where none did. corrects is the action_id of the one that it
-- stands in for.
create table raw_action (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer not null,
    action_id varchar not null,
    action_date date not null,
    kind varchar not null,
    line varchar,
    actor varchar not null,
    logged_at timestamp not null,
    follow_up_date date,
    corrects varchar,
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
-- What was said of rows of a file, until a later one speaks for them: a fault, for
-- which a row was left out, or a doubt, with which it was taken; column_name is null
-- where the whole row cannot be read; the two dates are the row's own, or the first and
-- last of its file where it tells none; pupil_key is null where nobody can tell whose
-- it is, or for a child of no group.
create table raw_flagged_row (
    school_key integer not null,
    source_id integer not null,
    load_id integer not null,
    pupil_key integer,
    row_number integer not null,
    column_name varchar,
    fault varchar not null,
    is_left_out boolean not null,
    first_date date,
    last_date date
);
