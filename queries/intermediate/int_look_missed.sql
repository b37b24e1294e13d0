-- Sessions that a child missed in the last school days of the rule.
-- Key: school_key, pupil_key, rule.
select
    days.school_key,
    days.pupil_key,
    rules.rule,
    sum(days.absent_sessions)::integer as figure,
    sum(days.possible_sessions)::integer as base
from int_pupil_day as days
inner join int_recent_day as recent
    on
        days.school_key = recent.school_key
        and days.session_date = recent.school_day
inner join ref_look as rules
    on rules.rule = 'missed_sessions' and recent.days_ago <= rules."window"
group by days.school_key, days.pupil_key, rules.rule
