-- Sessions that a child missed in the last school days of the rule.
-- Key: pupil_key, rule.
select
    days.pupil_key,
    recent.rule,
    sum(days.absent_sessions)::integer as figure,
    sum(days.possible_sessions)::integer as base
from int_pupil_day as days
inner join int_look_day as recent
    on
        days.school_key = recent.school_key
        and days.session_date = recent.school_day
where recent.rule = 'missed_sessions'
group by days.pupil_key, recent.rule
