-- One row a school that has sent files: how far they go, and how its children of
-- cohort_member stand, for whom a session has rows.  meetings_owed counts the children
-- with a duty to hold a PEP meeting that has begun, meetings_held those whose newest one
-- is done; overdue is of every duty.  Sessions are of this school year, wherever a child
-- was.
-- Key: school_key.
-- Null: days_behind.
-- Category: care.
-- Short: How far each school's files go, and how its children stand.
-- Short: A PEP meeting counts once for each child, by the newest one that is owed.
with members as (
    select
        members.school_key,
        count(*)::integer as children,
        sum(years.absent_sessions)::integer as absent_sessions,
        sum(years.possible_sessions)::integer as possible_sessions
    from cohort_member as members
    left join int_pupil_year as years
        on
            members.pupil_key = years.pupil_key
            and years.academic_year = academic_year(register_day())
    group by members.school_key
),

meetings as (
    select
        school_key,
        pupil_key,
        arg_max(done_date is not null, started_on) as is_held
    from duty
    where rule in ('PEP_COMPLETE', 'PEP_JOINED', 'PEP_REVIEW')
    group by school_key, pupil_key
),

held as (
    select
        school_key,
        count(*)::integer as meetings_owed,
        count(*) filter (where is_held)::integer as meetings_held
    from meetings
    group by school_key
),

late as (
    select
        school_key,
        count(*)::integer as overdue
    from duty
    where status = 'overdue'
    group by school_key
)

select
    loads.school_key,
    loads.school_name,
    loads.loaded_at,
    loads.data_until,
    loads.days_behind,
    loads.is_behind,
    coalesce(members.children, 0) as children,
    coalesce(held.meetings_owed, 0) as meetings_owed,
    coalesce(held.meetings_held, 0) as meetings_held,
    coalesce(late.overdue, 0) as overdue,
    coalesce(members.absent_sessions, 0) as absent_sessions,
    coalesce(members.possible_sessions, 0) as possible_sessions
from school_load as loads
left join members on loads.school_key = members.school_key
left join held on loads.school_key = held.school_key
left join late on loads.school_key = late.school_key
