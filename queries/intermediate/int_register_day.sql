-- A school day with a register: most of the children on roll who are in the register have
-- a mark, other than of a planned closure. It goes up to the last day of the newest
-- load's data, so that a mark entered ahead or a typing mistake makes none.
-- Key: school_key, session_date.
-- Materialised: school_key, session_date.
with marked as (
    select
        marks.school_key,
        marks.session_date,
        count(*) as children
    from int_pupil_day as marks
    inner join int_newest_load as newest
        on
            marks.school_key = newest.school_key
            and marks.session_date <= newest.data_until
    inner join stg_calendar_day as days
        on
            marks.school_key = days.school_key
            and marks.session_date = days.calendar_date
            and days.is_school_day
    where marks.open_marks > 0
    group by marks.school_key, marks.session_date
),

-- a child's stays at a school, each from the end of those before it
stays as (
    select
        school_key,
        greatest(
            entry_date,
            max(coalesce(end_date, 'infinity'::date)) over (
                partition by school_key, pupil_key
                order by entry_date, end_date
                rows between unbounded preceding and 1 preceding
            )
        ) as first_day,
        coalesce(end_date, 'infinity'::date) as end_date
    from stg_enrolment
    where pupil_key in (select marks.pupil_key from int_pupil_day as marks)
),

-- the number of children who come on roll on a day, and of those who leave
moves as (
    select
        school_key,
        first_day as moved_on,
        count(*) as children
    from stays
    where first_day < end_date
    group by school_key, first_day
    union all
    select
        school_key,
        end_date as moved_on,
        -count(*) as children
    from stays
    where first_day < end_date
    group by school_key, end_date
)

select
    marked.school_key,
    marked.session_date
from marked
inner join moves
    on
        marked.school_key = moves.school_key
        and marked.session_date >= moves.moved_on
group by marked.school_key, marked.session_date, marked.children
having marked.children >= sum(moves.children) - marked.children
