-- What adds up over the last school weeks of a rule: unauthorised sessions, and weeks
-- with a mark of a part-time timetable (C2).
-- Key: pupil_key, rule.
select
    marks.pupil_key,
    recent.rule,
    case recent.rule
        when 'unauthorised_sessions'
            then count(*) filter (where marks.is_absent and not marks.is_authorised)
        else
            count(distinct week_start(marks.session_date)) filter (
                where marks.code = 'C2'
            )
    end::integer as figure
from int_mark_classified as marks
inner join int_look_day as recent
    on
        marks.school_key = recent.school_key
        and marks.session_date = recent.school_day
where recent.rule in ('unauthorised_sessions', 'part_time_timetable')
group by marks.pupil_key, recent.rule
