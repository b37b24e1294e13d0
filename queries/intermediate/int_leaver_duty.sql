-- The duties of the school for a child who has left, by each rule whose clock starts with
-- leaving. due_date is the last day on which it is in time, null if the school's calendar
-- does not reach so far. entry_date is the first day of the newest stay: papers sent
-- before it were for an earlier one.
-- Key: pupil_key, rule.
select
    leavers.pupil_key,
    rules.rule,
    leavers.entry_date,
    leavers.leaving_date,
    ends.calendar_date as due_date
from int_pupil_leaving as leavers
inner join ref_deadline as rules on rules.clock = 'leaving'
asof left join int_day as begun
    on
        calendar_key(leavers.school_key, rules.unit) = begun.school_key
        and leavers.leaving_date >= begun.calendar_date
left join int_day as ends
    on
        begun.school_key = ends.school_key
        and begun.day_number + rules.amount = ends.day_number
where leavers.leaving_date is not null
