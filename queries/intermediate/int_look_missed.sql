-- Sessions that a child missed in the last school days of the rule: one illness where
-- each of them is I and the child attended none between the first and the last, else
-- sessions missed.
-- Key: pupil_key, rule.
with sessions as (
    select
        marks.pupil_key,
        recent.rule,
        marks.code,
        marks.is_possible,
        marks.is_attended,
        marks.is_absent,
        { 'day': marks.session_date, 'half': marks.half } as place,
        min(
            case
                when marks.is_absent
                    then { 'day': marks.session_date, 'half': marks.half }
            end
        ) over (
            partition by marks.pupil_key, recent.rule
        ) as first_missed,
        max(
            case
                when marks.is_absent
                    then { 'day': marks.session_date, 'half': marks.half }
            end
        ) over (
            partition by marks.pupil_key, recent.rule
        ) as last_missed
    from int_mark_classified as marks
    inner join int_look_day as recent
        on
            marks.school_key = recent.school_key
            and marks.session_date = recent.school_day
    where recent.rule in ('missed_sessions', 'unbroken_illness')
),

counted as (
    select
        pupil_key,
        rule,
        count(*) filter (where is_absent)::integer as figure,
        count(*) filter (where is_possible)::integer as base,
        coalesce(bool_and(code = 'I') filter (where is_absent), false)
        and count(*) filter (
            where is_attended and place > first_missed and place < last_missed
        ) = 0 as is_one_illness
    from sessions
    group by pupil_key, rule
)

select
    pupil_key,
    rule,
    figure,
    base
from counted
where (rule = 'unbroken_illness') = is_one_illness
