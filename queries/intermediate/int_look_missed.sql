-- Sessions that a child missed in the last school days of the rule. They are one illness
-- if each of them is I and the child attended none between the first and the last, and
-- otherwise sessions missed.
-- Key: pupil_key, rule.
with sessions as (
    select
        marks.pupil_key,
        recent.rule,
        marks.code,
        marks.is_possible,
        marks.is_attended,
        marks.is_absent,
        { 'day': marks.session_date, 'half': marks.half } as place
    from int_mark_classified as marks
    inner join int_look_day as recent
        on
            marks.school_key = recent.school_key
            and marks.session_date = recent.school_day
    where recent.rule in ('missed_sessions', 'unbroken_illness')
),

missed as (
    select
        pupil_key,
        rule,
        count(*)::integer as figure,
        bool_and(code = 'I') as is_illness,
        min(place) as first_missed,
        max(place) as last_missed
    from sessions
    where is_absent
    group by pupil_key, rule
)

select
    sessions.pupil_key,
    sessions.rule,
    max(missed.figure) as figure,
    count(*) filter (where sessions.is_possible)::integer as base
from sessions
inner join missed
    on sessions.pupil_key = missed.pupil_key and sessions.rule = missed.rule
group by sessions.pupil_key, sessions.rule
having
    (sessions.rule = 'unbroken_illness') = (
        bool_and(missed.is_illness)
        and not bool_or(
            sessions.is_attended
            and sessions.place > missed.first_missed
            and sessions.place < missed.last_missed
        )
    )
