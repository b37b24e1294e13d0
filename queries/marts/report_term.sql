-- The terms that a governor report can be about, with what the whole school missed in
-- each of them.
--
-- One row for each term that has begun by the date you chose.
-- A day without marks is a school day on which a looked-after child was on roll, and for
-- which no mark of any child has been loaded. A term with such a day has no total of
-- sessions in the report.
-- The sessions of the whole school are those of the weeks that begin in the term, of a
-- term that is not over up to the last whole week.
-- Key: school_key, first_day.
-- Null: possible_sessions, absent_sessions.
-- Category: report.
with begun as (
    select
        school_key,
        academic_year,
        term,
        first_day,
        last_day
    from int_term
    where first_day <= as_at()
),

marked as (
    select distinct
        school_key,
        session_date
    from int_mark_classified
),

days as (
    select
        begun.school_key,
        begun.first_day,
        count(distinct case
            when stays.pupil_key is not null and marked.session_date is null
                then days.school_day
        end)::integer as days_without_marks
    from begun
    inner join int_recent_day as days
        on
            begun.school_key = days.school_key
            and days.school_day between begun.first_day and begun.last_day
    left join int_group_stay as stays
        on
            days.school_key = stays.school_key
            and stays.cohort = 'looked after'
            and is_in_period(days.school_day, stays.first_day, stays.end_date)
    left join marked
        on
            days.school_key = marked.school_key
            and days.school_day = marked.session_date
    group by begun.school_key, begun.first_day
),

whole_school as (
    select
        begun.school_key,
        begun.first_day,
        sum(weeks.possible_sessions)::integer as possible_sessions,
        sum(weeks.absent_sessions)::integer as absent_sessions
    from begun
    inner join stg_school_week as weeks
        on
            begun.school_key = weeks.school_key
            and weeks.week_start between week_start(begun.first_day) and begun.last_day
            and least(weeks.week_start + 4, begun.last_day) <= as_at()
    group by begun.school_key, begun.first_day
)

select
    begun.school_key,
    begun.academic_year,
    begun.term,
    begun.first_day,
    begun.last_day,
    coalesce(days.days_without_marks, 0) as days_without_marks,
    whole_school.possible_sessions,
    whole_school.absent_sessions
from begun
left join days
    on begun.school_key = days.school_key and begun.first_day = days.first_day
left join whole_school
    on
        begun.school_key = whole_school.school_key
        and begun.first_day = whole_school.first_day
